"""What a bulletin goes through, and who may move it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from chassis.problems import DomainError

ALL = "all"
"""Stands among the readers for every zone and every unit."""


class Status(StrEnum):
    """草稿、已发布、已作废."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Action(StrEnum):
    EDIT = "edit"
    PUBLISH = "publish"
    CANCEL = "cancel"
    CORRECT = "correct"


MAY: Mapping[tuple[str, Status], frozenset[Action]] = {
    ("all", Status.DRAFT): frozenset({Action.EDIT, Action.PUBLISH, Action.CANCEL}),
    ("all", Status.PUBLISHED): frozenset({Action.CORRECT}),
}
"""By scope (``all`` is the province) and status; nothing where nothing is said."""

LEADS_TO: Mapping[Action, Status] = {
    Action.EDIT: Status.DRAFT,
    Action.PUBLISH: Status.PUBLISHED,
    Action.CANCEL: Status.CANCELLED,
    Action.CORRECT: Status.PUBLISHED,
}
"""Correcting (更正) makes another bulletin, and leaves the published one as it is."""


class NotNow(DomainError):
    """The bulletin's status does not allow it."""

    slug = "not-in-this-state"


class PeriodNotAllowed(DomainError):
    """The period ends before it begins, or has not ended."""

    status = 422
    slug = "period-not-allowed"
    pointer = "/body/until"


class UnknownPeriod(DomainError):
    """No such reporting period, or one that has not ended."""

    status = 422
    slug = "unknown-period"
    pointer = "/body/period_id"


class NothingToTell(DomainError):
    """No line fits."""

    status = 422
    slug = "nothing-to-tell"
    pointer = "/body/plans"


class UnknownSentence(DomainError):
    """A sentence names facts that the draft does not have, or has them twice."""

    status = 422
    slug = "unknown-sentence"
    pointer = "/body/parts"


class ReadersMissing(DomainError):
    """Readers who do not exist, or a correction that does not go to all who read what it corrects."""

    status = 422
    slug = "readers-missing"
    pointer = "/body/readers"


def actions(scope: str) -> dict[Status, list[Action]]:
    """What somebody of this scope may do, by status."""
    return {status: [action for action in Action if action in MAY.get((scope, status), ())] for status in Status}


def must_allow(action: Action, scope: str, status: Status) -> None:
    if action not in MAY.get((scope, status), ()):
        raise NotNow("该通报在目前状态下不能进行此操作。")


def must_be_over(since: date, until: date, today: date) -> None:
    if until < since:
        raise PeriodNotAllowed("截止日期不能早于起始日期。")
    if until > today:
        raise PeriodNotAllowed("截止日期不能晚于今天。")


def must_have_ended(ends: date | None, today: date) -> None:
    """``ends`` is the last day of a reporting period; None when there is none."""
    if ends is None:
        raise UnknownPeriod("没有该报告期。")
    if ends > today:
        raise UnknownPeriod("该报告期尚未结束。")


def must_keep_facts(known: Collection[int], given: Sequence[int]) -> None:
    """Sentences may be reworded, moved and left out, but bring no facts that are not theirs."""
    if not set(given) <= set(known):
        raise UnknownSentence("语句编号不属于该通报。")
    if len(set(given)) < len(given):
        raise UnknownSentence("同一语句编号不能出现两次。")


def must_reach(readers: Collection[str], corrected: Collection[str]) -> None:
    """A correction goes to all who read what it corrects."""
    missing = set(corrected) - set(readers)
    if ALL not in readers and missing:
        raise ReadersMissing("更正通报的发送范围应包含被更正通报的全部对象。")


def number_of(year: int | None, number: int | None) -> str:
    """``〔2026〕3号``; empty for a draft."""
    return f"〔{year}〕{number}号" if number else ""
