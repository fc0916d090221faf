"""What offices, editions and the clock bring about, so that every event of progress is published by what happened."""

from datetime import timedelta
from functools import partial
from typing import Any

from progress.calendar.rules import WorkCalendar
from progress.indicators import owing
from progress.indicators import reminding as values
from progress.indicators.rules import Period, slot_of
from progress.lines import stalling
from progress.meetings import reminding as decisions
from progress.milestones import daily as milestones
from progress.periods import reminding
from progress.problems import reminding as problems
from progress.reminders import daily as deadlines
from progress.replications import reminding as replications
from tests.assessments import drafted
from tests.days import Days
from tests.indicators import confirmed
from tests.support import (
    Json,
    bulletin,
    decision,
    filing_of,
    line,
    lines,
    on_manuscript,
    open_period,
    publish_edition,
    set_schedule,
    submit_manuscript,
    until,
)

P, CITY = "province.admin", "hefei.admin"
WAY = (
    *((CITY, "submission"), (CITY, "withdrawal"), (CITY, "submission"), (CITY, "sending-back"), (CITY, "submission")),
    *((CITY, "check"), (CITY, "check-undoing"), (CITY, "check")),
    *((P, "acceptance"), (P, "acceptance-undoing"), (P, "acceptance"), (P, "return")),
    *((CITY, "submission"), (CITY, "check"), (P, "acceptance"), (P, "approval"), (P, "reopening")),
)
"""Every step that a filing can take, forth and back."""
ORDER: Json = {
    "title": "建设保税仓库",
    "requirement": "请报方案。",
    "lead": "zone:hefei",
    "deadline": "2030-06-28",
}
ZONE, OF_ZONE = "bengbu", "bengbu.admin"


async def file(days: Days, line_id: str) -> None:
    """A period that is due today, in which a filing goes all ways, and of which the clock tells today and tomorrow."""
    plan = line(days.system, line_id)["task"]["plan"]["code"]
    today = str(days.today)
    period = open_period(days.system, [plan], **dict.fromkeys(("due", "grace", "locks"), today), reason="急需")
    await days.chore(reminding.remind, days.today)
    await days.chore(reminding.remind, days.after(1))
    filing = f"filings/{filing_of(days.system, period, line_id)['id']}"
    version = (await days.get(P, filing))["version"]
    await days.done(CITY, f"{filing}/draft", {"percent": 50, "done": "已完成"}, version, "PUT")
    said: dict[str, Json] = {
        "sending-back": {"remark": "请补充"},
        "return": {"remark": "请补充"},
        "approval": {"confidence": "high"},
        "reopening": {"reason": "更正", "until": today},
    }
    for user, step in WAY:
        await days.step(user, filing, step, **said.get(step, {}))


async def stand_still(days: Days) -> None:
    """A line of which nothing was heard for longer than the province allows, a milestone that is past its day, and
    deadlines that come and have passed.
    """
    *_, ahead, last = lines(days.system, OF_ZONE, state="not_started")
    set_schedule(days.system, OF_ZONE, ahead["id"], str(days.after(40)))
    place = line(days.system, last["id"], OF_ZONE)
    set_schedule(days.system, OF_ZONE, place["id"], str(days.today))
    allowed = (await days.get(P, "thresholds"))["stalled_days"]
    days.today = days.after(-allowed)
    await days.step(OF_ZONE, f"lines/{place['id']}", "reports", percent=10, done="已启动")
    comments = f"lines/{place['id']}/comments"
    said = await days.done(OF_ZONE, comments, {"text": "请@省自贸办 协调。"})
    await days.done(OF_ZONE, f"{comments}/{said['id']}/withdrawal", {})
    days.today = days.first
    await days.chore(stalling.watch, days.today)
    await days.chore(milestones.remind, days.after(1))
    for number in (1, 5, 14, 39):
        await days.chore(deadlines.remind, days.after(number))


async def assess(days: Days, year: int) -> None:
    """An assessment whose time for objections is over."""
    path = f"assessments/{drafted(days.system, year)['id']}"
    if (await days.get(P, path))["status"] != "draft":
        return
    await days.step(P, path, "announcement")
    await days.step(P, path, "publication", objections_until=str(days.today))
    days.today += timedelta(1)
    await days.step(P, path, "closing")
    days.today = days.first


def edit(days: Days) -> None:
    """A zone's plan of one task, which an edition brings, the next changes and the last takes back."""
    for tasks in ([_task("推进制度创新")], [_task("深入推进制度创新")], []):
        on_manuscript(days.system, P, ZONE, "PUT", tasks=tasks)
        publish_edition(days.system, submit_manuscript(days.system, P, ZONE))
        until(partial(_stands, days, [task["title"] for task in tasks]))


def _task(title: str) -> Json:
    return {"number": 1, "title": title, "responsibilities": [{"unit": "蚌埠市", "role": "lead"}]}


def _stands(days: Days, titles: list[str]) -> bool:
    return [each["task"]["title"] for each in lines(days.system, P, plan=ZONE)] == titles


async def meet(days: Days, line_id: str) -> None:
    """A meeting is moved to another day; one decision of another is proposed as a task, one is noted with a line, one
    becomes an order that is revoked.
    """
    given: Json = {"title": "领导小组会议", "held_on": str(days.today), "agenda": ["审议方案"]}
    planned = await days.done(P, "meetings", given)
    await days.done(P, f"meetings/{planned['id']}", given | {"held_on": str(days.after(1))}, planned["version"], "PUT")
    steps: list[list[tuple[str, dict[str, Any]]]] = [
        [("proposal", {"plan": "1", "title": "保税仓库"}), ("completion", {"outcome": "已列入"})],
        [("note", {"line_id": line_id})],
    ]
    for taken in steps:
        decided = decision(days.system, "zone:hefei")[1]
        for step, body in taken:
            await days.step(P, f"decisions/{decided}", step, **body)
    ordered = await days.step(P, f"decisions/{decision(days.system, 'zone:hefei')[1]}", "order", **ORDER)
    await days.step(P, f"orders/{ordered['order_id']}", "revocation", text="另行安排")


async def report(days: Days) -> None:
    """A bulletin is edited and given up, another is published."""
    bulletin(days.system, "zone:hefei")
    path = f"bulletins/{bulletin(days.system)}"
    shown = await days.get(P, path)
    parts = [{"level": 1, "heading": "总体情况", "sentences": [{"key": 1, "text": "情况良好。"}]}]
    edited = await days.done(P, path, {"title": "通报", "parts": parts}, shown["version"], "PUT")
    await days.done(P, f"{path}/cancellation", {}, edited["version"])


async def change_a_setting(days: Days) -> None:
    """To what it is."""
    now = await days.get(P, "thresholds")
    numbers = {name: now[name] for name in ("near_days", "behind_percent", "stalled_days")}
    await days.done(P, "thresholds", numbers, now["version"], "PUT")


async def wait(days: Days) -> None:
    """Nobody answers a problem, carries a decision out, records a value or says what becomes of a case; the clock says
    so, time after time.
    """
    tomorrow, later = str(days.after(1)), [days.after(number) for number in (1, 2, 40, 100)]
    problem = {"title": "用地指标不足", "description": "请协调。", "addressee": "role:province"}
    await days.done(CITY, "problems", problem | {"answer_due": tomorrow})
    decision(days.system, "zone:hefei", tomorrow)
    confirmed(days.system, "swt")
    due = owing.due(slot_of(Period.MONTH, days.today), WorkCalendar())
    for day in later:
        for chore in (problems.remind, decisions.remind, replications.remind):
            await days.chore(chore, day)
    for day in (due, due + timedelta(1)):
        await days.chore(values.remind, day)
