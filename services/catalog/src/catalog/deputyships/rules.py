"""Who may stand in for whom and for how long, and who may say so. Pure: days come in as arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.people import rules as people
from catalog.people.rules import Person
from chassis.auth import Caller, Role
from chassis.deputies import Deputyship
from chassis.problems import DomainError

LONGEST = timedelta(days=366)


class NotPossible(DomainError):
    """Something about the persons or the days; ``pointer`` is the field."""

    status = 422
    slug = "deputyship"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.pointer = f"/body/{field}"


class Overlapping(DomainError):
    slug = "deputised"
    pointer = "/body/since"

    def __init__(self) -> None:
        super().__init__("该用户在这段时间已有代理人，请先收回或另选日期。")


class NotYours(DomainError):
    status = 403
    slug = "forbidden"

    def __init__(self) -> None:
        super().__init__("只能为本人指定代理人，为他人指定由本单位管理员办理。")


@dataclass(frozen=True)
class Standing:
    """A deputyship with the deputy, who has it on its account."""

    deputy: str
    deputy_name: str
    about: Deputyship

    def concerns(self, id_: str) -> bool:
        return id_ in (self.deputy, self.about.absent)

    @property
    def noted(self) -> dict[str, object]:
        """As the audit trail has it."""
        return {
            "absent": self.about.name,
            "deputy": self.deputy_name,
            "organization": self.about.office,
            "since": str(self.about.since),
            "until": str(self.about.until),
        }


def check_names(caller: Caller, absent: str) -> None:
    """Raises NotYours: everybody names a deputy of one's own, administrators those of their office."""
    if caller.sub != absent and not caller.has(Role.ADMIN):
        raise NotYours


def check_days(since: date, until: date, today: date) -> None:
    """Raises NotPossible."""
    if since < today:
        raise NotPossible("since", "开始日期不能早于今天。")
    if until < since:
        raise NotPossible("until", "结束日期不能早于开始日期。")
    if until - since >= LONGEST:
        raise NotPossible("until", "代理期限不能超过一年。")


def check_person(field: str, person: Person) -> None:
    """Raises NotPossible: a deputyship gives rights within the office alone, so both have no others."""
    if not person.enabled:
        raise NotPossible(field, "该用户已经停用。")
    if not person.roles or not person.roles <= set(people.grantable(person.office)):
        raise NotPossible(field, "该用户没有本单位的角色，或另有本单位以外的权限。")


def check_free(absent: str, since: date, until: date, present: Iterable[Standing]) -> None:
    """Raises Overlapping: on each day one deputy at most, of one person."""
    for each in present:
        if each.about.absent == absent and each.about.since <= until and since <= each.about.until:
            raise Overlapping


def sees(caller: Caller, standing: Standing) -> bool:
    """The two persons do, and the administrators of their office; who sees it may end it."""
    return caller.has(Role.ADMIN) or standing.concerns(caller.sub)
