"""What makes a handover hold. Pure."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from chassis.problems import DomainError


class Kind(StrEnum):
    """推进事项、期次填报、督办单、需协调问题."""

    LINE = "line"
    FILING = "filing"
    ORDER = "order"
    PROBLEM = "problem"


class SamePerson(DomainError):
    status = 422
    slug = "same-person"
    pointer = "/body/receiver"


class NothingOpen(DomainError):
    """The person has nothing to hand over."""

    status = 422
    slug = "nothing-open"
    pointer = "/body/giver"


class ListChanged(DomainError):
    """What is the giver's is not what was confirmed."""

    slug = "list-changed"


def must_hold(giver: str, receiver: str, present: Collection[UUID], confirmed: Collection[UUID]) -> None:
    """The whole list passes, as it was confirmed: nothing stays behind, nothing is handed over unseen."""
    if giver == receiver:
        raise SamePerson("接手人应是另一个人。")
    if not present:
        raise NothingOpen("该人员没有在办事项。")
    if set(present) != set(confirmed):
        raise ListChanged("清单已有变化，请核对后重新确认。")
