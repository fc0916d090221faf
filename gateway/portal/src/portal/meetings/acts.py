"""What is done with meetings and decisions by forms: where it goes, what it says, what is shown when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.web import steps
from portal.web.visit import UserVisit
from portal.web.words import Both


@dataclass(frozen=True)
class Act:
    path: str
    body: Callable[[UserVisit], dict[str, Any]]
    done: Both
    method: str = "POST"


def agenda(visit: UserVisit) -> dict[str, Any]:
    """Title, day and the items of the agenda, one a row."""
    items = [row.strip() for row in visit.field("agenda").splitlines() if row.strip()]
    return {"title": visit.field("title"), "held_on": visit.field("held_on"), "agenda": items}


def _fields(*names: str) -> Callable[[UserVisit], dict[str, Any]]:
    return lambda visit: {name: visit.field(name) for name in names}


def _order(visit: UserVisit) -> dict[str, Any]:
    said: dict[str, Any] = _fields("title", "requirement", "lead", "deadline")(visit)
    members = [each for each in visit.column("members") if each]
    return said | {"members": members, "lines": steps.ids(visit.column("lines"))}


MEETINGS: Mapping[str, Act] = {
    "edit": Act("", agenda, ("会议已修改", "The meeting is changed"), "PUT"),
    "conclude": Act("/conclusion", _fields(), ("已登记为召开，可录入议定事项", "The meeting was held")),
    "decide": Act("/decisions", _fields("text", "office", "due"), ("议定事项已录入", "The decision is entered")),
}
DECISIONS: Mapping[str, Act] = {
    "note": Act("/note", _fields(), ("已记入推进事项", "It is written into the line’s history")),
    "order": Act("/order", _order, ("已转督办单，请在督办单页交办", "It became an order; issue it on its page")),
    "propose": Act(
        "/proposal",
        _fields("plan", "title"),
        ("已登记建议，请核对任务内容后保存", "It is proposed; check the task and save it"),
    ),
    "complete": Act("/completion", _fields("outcome"), ("已登记办结", "It is noted as done")),
}
