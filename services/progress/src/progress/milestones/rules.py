"""When a line's milestones are due, and when a deadline may move. Pure: days come in as arguments."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import accumulate, pairwise

from chassis.problems import DomainError
from progress.calendar.rules import WorkCalendar
from progress.lines.rules import Line

MOST_YEARS = 20


class Decision(StrEnum):
    """待批、已同意、未同意、省自贸办直接调整."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    MOVED = "moved"


class TooLittleTime(DomainError):
    """Fewer working days than steps."""

    status = 422
    slug = "too-little-time"
    pointer = "/body/deadline"


class DeadlineNotAllowed(DomainError):
    """The deadline is none that the line may have."""

    status = 422
    slug = "deadline-not-allowed"
    pointer = "/body/deadline"


class OutOfOrder(DomainError):
    """The milestones do not lead to the deadline."""

    status = 422
    slug = "milestones-out-of-order"
    pointer = "/body/milestones"


class DoneInFuture(DomainError):
    status = 422
    slug = "done-in-future"
    pointer = "/body/on"


class AlreadyDone(DomainError):
    slug = "milestone-done"


class AlreadyDecided(DomainError):
    slug = "extension-decided"


def back_schedule(deadline: date, weights: Sequence[int], start: date, calendar: WorkCalendar) -> list[date]:
    """Due dates of steps, counted back from the deadline (倒排时间节点).

    Each step gets working days in proportion to its weight, at least one; the last one is due on the deadline itself,
    be that a working day or not. Raises TooLittleTime when there are fewer working days than steps.
    """
    days = calendar.working_days(start, deadline)
    if len(days) < len(weights):
        raise TooLittleTime(f"从 {start} 到 {deadline} 只有 {len(days)} 个工作日，不够安排 {len(weights)} 个节点。")
    if not weights:
        return []
    whole, spare, last = sum(weights), len(days) - len(weights), -1
    places = []
    for position, end in enumerate(accumulate(weights)):
        last = min(max(-(-end * len(days) // whole) - 1, last + 1), spare + position)
        places.append(last)
    return [*(days[place] for place in places[:-1]), deadline]


def shares(weights: Sequence[int]) -> list[int]:
    """The percent that is reached with each step, the last one 100."""
    whole = sum(weights)
    return [100 * end // whole for end in accumulate(weights)]


def continued(before: Sequence[str], given: Sequence[str]) -> list[int | None]:
    """Which of the steps before, by place, each given one goes on: the first of its title, else the one that stood in
    its place and whose title is gone; None for a new one.
    """
    free = dict(enumerate(before))
    found: list[int | None] = []
    for title in given:
        same = next((place for place, other in free.items() if other == title), None)
        found.append(same)
        free.pop(-1 if same is None else same, None)
    return [at if at is not None or place not in free else place for place, at in enumerate(found)]


def must_be_reachable(deadline: date, today: date) -> None:
    """Raises DeadlineNotAllowed for days that nobody plans for."""
    if deadline.year > today.year + MOST_YEARS:
        raise DeadlineNotAllowed(f"完成时限不能晚于 {today.year + MOST_YEARS} 年。")


def must_fit(line: Line, deadline: date, dues: Sequence[date], today: date) -> None:
    """Raises DeadlineNotAllowed or OutOfOrder unless the line may be scheduled like this.

    A deadline that was set stays, be it over, and one that the task names is not passed: later ones are asked for as
    extensions. A new one is still to come.
    """
    must_be_reachable(deadline, today)
    if line.steps and deadline != line.due:
        raise DeadlineNotAllowed(f"完成时限已定为 {line.due}，如需调整请申请延期。")
    if line.due is not None and deadline > line.due:
        raise DeadlineNotAllowed(f"不能晚于任务的完成时限 {line.due}。")
    if deadline < today and deadline != line.due:
        raise DeadlineNotAllowed("完成时限不能早于今天。")
    if any(later < earlier for earlier, later in pairwise(dues)):
        raise OutOfOrder("节点日期应依次不早于前一节点。")
    if dues[-1] != deadline:
        raise OutOfOrder(f"最后一个节点应在完成时限 {deadline} 当天。")


def must_extend(line: Line, deadline: date, today: date) -> None:
    """Raises DeadlineNotAllowed unless this is a later deadline that is still to come."""
    must_be_reachable(deadline, today)
    if line.due is not None and deadline <= line.due:
        raise DeadlineNotAllowed(f"延期后的时限应晚于目前的时限 {line.due}。")
    if deadline < today:
        raise DeadlineNotAllowed("延期后的时限不能早于今天。")


def must_move(line: Line, deadline: date, today: date) -> None:
    """Raises DeadlineNotAllowed unless this is another deadline, earlier or later, that is still to come."""
    must_be_reachable(deadline, today)
    if deadline == line.due:
        raise DeadlineNotAllowed("与目前的时限相同。")
    if deadline < today:
        raise DeadlineNotAllowed("调整后的时限不能早于今天。")


def must_be_undone(done_on: date | None) -> None:
    if done_on is not None:
        raise AlreadyDone("该节点已完成。")


def must_be_past(on: date, today: date) -> None:
    if on > today:
        raise DoneInFuture("完成日期不能晚于今天。")


def must_await(status: Decision) -> None:
    if status is not Decision.ASKED:
        raise AlreadyDecided("该延期申请已有结论。")
