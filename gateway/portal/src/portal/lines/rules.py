"""What the pages of lines say and keep. Pure: days come in as arguments."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.web.words import Both

NEAR_DAYS = 7
REPORT_FIELDS = ("percent", "done", "problems", "next_steps", "finished")
Json = Mapping[str, Any]


def light_reason(line: Json, schedule: Json, today: date) -> Both:
    """Why the line has its light."""
    if line["light"] == "blue":
        return "省自贸办已确认完成。", "Confirmed as done by the provincial office."
    if line["due"] is None:
        return "未定完成时限，不判定临期和逾期。", "There is no deadline, so it is never late."
    left = (date.fromisoformat(line["due"]) - today).days
    if line["light"] == "red":
        return f"已超过时限 {-left} 天，尚未确认完成。", f"{-left} days past the deadline and not confirmed as done."
    late = [each for each in schedule["milestones"] if milestone_state(each, today) == "late"]
    if late:
        passed = (today - date.fromisoformat(late[0]["due"])).days
        title = late[0]["title"]
        return f"节点“{title}”已逾期 {passed} 天。", f"The milestone “{title}” is {passed} days overdue."
    if left > schedule["near_days"]:
        return f"距时限还有 {left} 天。", f"{left} days to the deadline."
    return _near(line, schedule, left)


def _near(line: Json, schedule: Json, left: int) -> Both:
    wanted, percent = schedule["expected_percent"], line["percent"]
    pace, pace_en = (
        ("按节点安排", "By its milestones") if schedule["milestones"] else ("按匀速推进", "By even progress")
    )
    if line["light"] == "yellow":
        return (
            f"距时限仅剩 {left} 天，{pace}应达到 {wanted}%，目前为 {percent}%。",
            f"{left} days to the deadline. {pace_en} it should be at {wanted}%; it is at {percent}%.",
        )
    if percent < wanted:
        behind, most = wanted - percent, schedule["behind_percent"]
        return (
            f"距时限还有 {left} 天，{pace}应达到 {wanted}%，落后 {behind} 个百分点，未超过 {most} 个。",
            f"{left} days to the deadline. {pace_en} it should be at {wanted}%; it lacks {behind}, at most {most} may.",
        )
    return (
        f"距时限还有 {left} 天，完成比例不低于{pace}应达到的 {wanted}%。",
        f"{left} days to the deadline. {pace_en} it should be at {wanted}%, and is not behind.",
    )


LIGHT_RULES = {
    "confirmed": "blue",
    "no_deadline": "green",
    "overdue": "red",
    "milestone_overdue": "yellow",
    "near_and_behind": "yellow",
    "on_schedule": "green",
}
"""The rules of lights by which progress judges, in its order."""
_LIGHT_RULES: dict[str, Both] = {
    "confirmed": ("省自贸办已确认完成。", "The provincial office has confirmed that the line is done."),
    "no_deadline": ("未定完成时限。", "It has no deadline."),
    "overdue": (
        "完成时限已过，尚未确认完成。时限当天仍算按期。",
        "The deadline is over and the line is not confirmed. The day of the deadline still counts as in time.",
    ),
    "milestone_overdue": ("有节点已过期而未完成。", "A milestone is past its day and not reached."),
    "near_and_behind": (
        "临近完成时限（天数由省自贸办设定），且完成比例落后于应有进度。",
        "The deadline is near (the provincial office says what is), and the line is behind what is expected.",
    ),
    "on_schedule": ("其他情况。", "Everything else."),
}


def light_rule(name: str, thresholds: Json | None) -> Both:
    """What a rule says, with the numbers where they are known."""
    if name != "near_and_behind" or thresholds is None:
        return _LIGHT_RULES[name]
    near, behind = thresholds["near_days"], thresholds["behind_percent"]
    lag, lag_en = (f"超过 {behind} 个百分点", f" by more than {behind} points") if behind else ("", "")
    return (
        f"距完成时限不超过 {near} 天，且完成比例落后于应有进度{lag}。",
        f"There are at most {near} days to the deadline, and the line is behind what is expected{lag_en}.",
    )


def milestone_state(milestone: Json, today: date) -> str:
    """``done``, ``late`` after its due day, ``near`` within a week of it, or ``ahead``."""
    if milestone["done_on"]:
        return "done"
    left = (date.fromisoformat(milestone["due"]) - today).days
    if left < 0:
        return "late"
    return "near" if left <= NEAR_DAYS else "ahead"


def rows(schedule: Json, proposal: Json | None) -> list[Json]:
    """What the form of the schedule begins with: the proposal, else the milestones that are not done."""
    if proposal:
        return list(proposal["milestones"])
    return [each for each in schedule["milestones"] if not each["done_on"]]


def names(line: Json) -> dict[str, str]:
    """The names of the line's place and units by their codes."""
    return {unit["code"]: unit["name"] for unit in line["units"]} | {line["jurisdiction"]: line["jurisdiction_name"]}


def prefilled(line: Json) -> dict[str, Any]:
    """What the form to report begins with: the last report."""
    last = line["latest_report"]
    return {field: last[field] for field in REPORT_FIELDS} if last else {"percent": line["percent"]}


def total(narrowing: Mapping[str, str], overview: Json, own_unit: str | None) -> int | None:
    """How many lines there are in all where the overview tells, else None.

    The overview counts a department's own lines, so its own unit narrows nothing.
    """
    by = {name: value for name, value in narrowing.items() if value and (name, value) != ("unit", own_unit)}
    if not by.keys() <= {"jurisdiction", "plan", "state", "light"} or {"state", "light"} <= by.keys():
        return None
    cells = [
        cell
        for plan in overview["plans"]
        for cell in plan["cells"]
        if by.get("plan", plan["code"]) == plan["code"]
        and by.get("jurisdiction", cell["jurisdiction"]) == cell["jurisdiction"]
    ]
    return sum(_counted(cell, by) for cell in cells)


def _counted(cell: Json, by: Mapping[str, str]) -> int:
    for name in ("state", "light"):
        if name in by:
            return int(cell[f"by_{name}"].get(by[name], 0))
    return int(cell["lines"])
