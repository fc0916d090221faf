"""What makes a handover hold. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from chassis.problems import DomainError


class Kind(StrEnum):
    """推进事项、期次填报、督办单、需协调问题、创新案例、复制推广、考评异议."""

    LINE = "line"
    FILING = "filing"
    ORDER = "order"
    PROBLEM = "problem"
    CASE = "case"
    REPLICATION = "replication"
    OBJECTION = "objection"


@dataclass(frozen=True)
class Named:
    """What somebody is called, and the account of whoever has used the platform."""

    name: str
    account: str | None = None


@dataclass(frozen=True)
class Person(Named):
    """Somebody of an office who has used the platform."""

    account: str


class SamePerson(DomainError):
    status = 422
    slug = "same-person"
    pointer = "/body/receiver"


class UnknownReceiver(DomainError):
    """Only somebody with an account of the office can go on with what is handed over."""

    status = 422
    slug = "unknown-receiver"
    pointer = "/body/receiver"


class NothingOpen(DomainError):
    """The person has nothing to hand over."""

    status = 422
    slug = "nothing-open"
    pointer = "/body/giver"


class ListChanged(DomainError):
    """What is the giver's is not what was confirmed."""

    slug = "list-changed"


def found(known: Sequence[Person], said: str) -> Person | None:
    """The person of this account, else the only one of this name."""
    named = [person for person in known if person.name == said]
    by_account = (person for person in known if person.account == said)
    return next(by_account, named[0] if len(named) == 1 else None)


def receiver(known: Sequence[Person], said: str) -> Person:
    """Raises UnknownReceiver."""
    person = found(known, said)
    if person is None:
        raise UnknownReceiver("接手人应是本单位登录过本平台的人员；有同名人员的，请按账号选择。")
    return person


def must_hold(giver: str, receiver: str, present: Collection[UUID], confirmed: Collection[UUID]) -> None:
    """The whole list passes, as it was confirmed: nothing stays behind, nothing is handed over unseen."""
    if giver == receiver:
        raise SamePerson("接手人应是另一个人。")
    if not present:
        raise NothingOpen("该人员没有在办事项。")
    if set(present) != set(confirmed):
        raise ListChanged("清单已有变化，请核对后重新确认。")
