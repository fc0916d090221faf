"""Whether, when and how a person is told by mail. Pure: instants and the calendar are arguments.

News that must be read wait for quiet hours too, but never in working hours: from their start at the latest they come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chassis.clock import SHANGHAI
from chassis.problems import DomainError
from chassis.workdays import WorkCalendar
from notify.preferences import groups

WORK_BEGINS, WORK_ENDS = time(8, 30), time(17, 30)
DIGEST_AT = WORK_BEGINS
MIDNIGHT = time(0)


class Choice(StrEnum):
    NOW = "now"
    DIGEST = "digest"
    NONE = "none"


class Rhythm(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


class MustBeRead(DomainError):
    """A group that nobody can switch off."""

    status = 422
    slug = "must-be-read"

    def __init__(self, group: groups.Group) -> None:
        super().__init__("这类消息必读，只能即时发送，不能关闭或改为汇总。")
        self.pointer = f"/body/choices/{group.code}"


class UnknownGroup(DomainError):
    status = 422
    slug = "unknown-group"

    def __init__(self, code: str) -> None:
        super().__init__("没有这个消息类别。")
        self.pointer = f"/body/choices/{code.replace('~', '~0').replace('/', '~1')}"


class NoQuiet(DomainError):
    status = 422
    slug = "quiet-hours"
    pointer = "/body/quiet"

    def __init__(self) -> None:
        super().__init__("免打扰的起止时间不能相同。")


@dataclass(frozen=True)
class Quiet:
    """Hours (免打扰时段) in Asia/Shanghai, over midnight when they end earlier than they begin."""

    begins: time
    ends: time

    def covers(self, at: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True)
class Preference:
    """What a person chose; of groups without a choice, mails come at once. ``weekday`` counts from Monday, 1."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
    quiet: Quiet | None = None
    working_days_only: bool = False
    rhythm: Rhythm = Rhythm.DAILY
    weekday: int = 1
    language: Language = Language.CHINESE


DEFAULT = Preference()


def check(choices: Mapping[str, Choice], quiet: Quiet | None) -> None:
    """Raises UnknownGroup, MustBeRead, NoQuiet."""
    for code, choice in choices.items():
        group = groups.BY_CODE.get(code)
        if group is None:
            raise UnknownGroup(code)
        if group.must and choice is not Choice.NOW:
            raise MustBeRead(group)
    if quiet and quiet.begins == quiet.ends:
        raise NoQuiet


def choice(preference: Preference, kind: str) -> Choice:
    """What becomes of news of a kind."""
    group = groups.of_kind(kind)
    return Choice.NOW if group.must else preference.choices.get(group.code, Choice.NOW)


def free_from(preference: Preference, now: datetime, calendar: WorkCalendar, *, must: bool = False) -> datetime:
    """When a mail may come: ``now``, or the first moment after it that is not quiet to the person."""
    moments = (each for each in _moments(preference, now) if not _is_quiet(preference, each, must, calendar))
    return next(moments)


def _moments(preference: Preference, now: datetime) -> Iterator[datetime]:
    """``now`` and, in their order, the moments after it at which quiet can end."""
    yield now
    ends = {MIDNIGHT, WORK_BEGINS} | ({preference.quiet.ends} if preference.quiet else set())
    day = now.astimezone(SHANGHAI).date()
    while True:
        yield from (moment for end in sorted(ends) if (moment := _at(day, end)) > now)
        day += timedelta(1)


def _is_quiet(preference: Preference, at: datetime, must: bool, calendar: WorkCalendar) -> bool:
    local = at.astimezone(SHANGHAI)
    works = calendar.is_working(local.date())
    if must and works and WORK_BEGINS <= local.time() < WORK_ENDS:
        return False
    if preference.working_days_only and not works:
        return True
    return preference.quiet is not None and preference.quiet.covers(local.time())


def digest_moment(preference: Preference, now: datetime, calendar: WorkCalendar) -> datetime:
    """When the person's latest digest was due: 8:30 of a working day. A weekly one whose day is free comes on the next
    working day.
    """
    day = now.astimezone(SHANGHAI).date()
    while _at(day, DIGEST_AT) > now or not _has_digest(preference, day, calendar):
        day -= timedelta(1)
    return _at(day, DIGEST_AT)


def _has_digest(preference: Preference, day: date, calendar: WorkCalendar) -> bool:
    if not calendar.is_working(day):
        return False
    if preference.rhythm is Rhythm.DAILY:
        return True
    while day.isoweekday() != preference.weekday:
        day -= timedelta(1)
        if calendar.is_working(day):
            return False
    return True


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI)
