"""When a day ends, which days are known, and which of them a trend shows. Pure: days come in as arguments."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from chassis.clock import SHANGHAI
from chassis.problems import DomainError

DAY = timedelta(days=1)
MOST_POINTS = 92
RECENT = timedelta(days=7)


class What(StrEnum):
    """新增、退出、状态、完成比例、亮灯、完成时限、所属计划、责任单位、牵头单位."""

    CAME = "came"
    WENT = "went"
    STATE = "state"
    PERCENT = "percent"
    LIGHT = "light"
    DUE = "due"
    PLAN = "plan"
    UNITS = "units"
    LEADS = "leads"


class UnknownDay(DomainError):
    """A day of which nothing is known: to come, before the first one, or not counted yet."""

    status = 422
    slug = "unknown-day"

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.pointer = f"/query/{field}"


def end(day: date) -> datetime:
    """The instant in which the day is over in Asia/Shanghai."""
    return datetime.combine(day + DAY, time(), SHANGHAI)


def next_to_close(closed: date | None, first: datetime | None, today: date) -> date | None:
    """The earliest day that is over and not closed; ``first`` is when the first thing happened to a line."""
    if closed is not None:
        day = closed + DAY
    elif first is not None:
        day = first.astimezone(SHANGHAI).date()
    else:
        return None
    return day if day < today else None


def must_be_known(field: str, day: date, first: date | None, closed: date | None, today: date) -> None:
    """Raises UnknownDay for days of which there is no overview; today's is the present one."""
    if day > today:
        raise UnknownDay(field, f"{day} 还没有到，只能查看今天（{today}）及以前的情况。")
    if first is None:
        raise UnknownDay(field, "还没有开立推进事项，没有可查看的统计。")
    if day < first:
        raise UnknownDay(field, f"统计从 {first} 开始，没有 {day} 的情况。")
    if day < today and (closed is None or day > closed):
        raise UnknownDay(field, f"{day} 的统计正在生成，请几分钟后再查看。")


def span(since: date | None, until: date | None, first: date | None, today: date) -> tuple[date, date]:
    """The two days whose ends are compared, by default the last week; the end of today is now.

    The day before the first one may be asked for: nothing was there yet. Raises UnknownDay.
    """
    until = until or today
    begin = (first or today) - DAY
    if until > today:
        raise UnknownDay("until", f"{until} 还没有到，只能查看到今天（{today}）。")
    since = since or (max(min(today - RECENT, until - DAY), begin) if until > begin else begin)
    if since < begin:
        raise UnknownDay("since", f"统计从 {begin + DAY} 开始，起始日不能早于 {begin}。")
    if since >= until:
        raise UnknownDay("since", "起始日应早于截止日。")
    return since, until


def window(since: date | None, until: date | None, first: date | None, today: date) -> tuple[date, date]:
    """The days that a trend begins and ends with, by default as many as it shows one by one. Raises UnknownDay."""
    until = until or today
    first = first or today
    if until > today:
        raise UnknownDay("until", f"{until} 还没有到，只能查看到今天（{today}）。")
    since = since or (max(first, until - (MOST_POINTS - 1) * DAY) if until > first else first)
    if since < first:
        raise UnknownDay("since", f"统计从 {first} 开始，没有 {since} 的情况。")
    if since > until:
        raise UnknownDay("since", "起始日不能晚于截止日。")
    return since, until


def points(since: date, until: date) -> list[date]:
    """Evenly spaced days up to ``until``, at most ``MOST_POINTS``; every day when there is room."""
    days = (until - since).days
    step = days // MOST_POINTS + 1
    return [until - back * DAY for back in range(days - days % step, -1, -step)]
