"""What can be done with a line by a form: where it goes, what it says, what is shown when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

from portal.web.api import Missing
from portal.web.numbers import whole
from portal.web.visit import UserVisit
from portal.web.words import Both


@dataclass(frozen=True)
class Act:
    """``path`` is below the line, with ``{report}`` or another part of it where the form names one."""

    path: str
    body: Callable[[UserVisit], dict[str, Any]]
    done: Both
    method: str = "POST"

    def address(self, visit: UserVisit) -> str:
        return self.path.format_map(_Ids(visit))


class _Ids:
    """The ids that a form names. Raises Missing for what is none."""

    def __init__(self, visit: UserVisit) -> None:
        self._visit = visit

    def __getitem__(self, name: str) -> UUID:
        try:
            return UUID(self._visit.field(name))
        except ValueError as error:
            raise Missing from error


def _report_body(visit: UserVisit) -> dict[str, Any]:
    texts = {name: visit.field(name) for name in ("done", "problems", "next_steps")}
    return texts | {"percent": whole(visit.field("percent")), "finished": bool(visit.field("finished"))}


def _fields(*names: str) -> Callable[[UserVisit], dict[str, Any]]:
    return lambda visit: {name: visit.field(name) for name in names}


def rows(visit: UserVisit) -> list[dict[str, Any]]:
    """The form's rows of milestones, without those that are left empty."""
    columns = (visit.column(name) for name in ("title", "weight", "due"))
    filled = [row for row in zip_longest(*columns, fillvalue="") if any(row)]
    return [{"title": title, "weight": whole(weight), "due": due} for title, weight, due in filled]


def _schedule_body(visit: UserVisit) -> dict[str, Any]:
    return {"deadline": visit.field("deadline"), "milestones": rows(visit)}


def proposal_body(visit: UserVisit) -> dict[str, Any]:
    """The rows as stages, whatever days they have; without any the service takes its template."""
    stages = [{name: row[name] for name in ("title", "weight")} for row in rows(visit)]
    return {"deadline": visit.field("deadline")} | ({"stages": stages} if stages else {})


_EXTENSION = "extensions/{extension}"
ACTS: Mapping[str, Act] = {
    "report": Act("reports", _report_body, ("填报已提交，等待审定", "The report is submitted")),
    "confirm": Act("reports/{report}/confirmation", _fields("remark"), ("填报已确认", "The report is confirmed")),
    "return": Act("reports/{report}/return", _fields("reason"), ("填报已退回", "The report is returned")),
    "review": Act("reports/{report}/review", _fields("opinion", "remark"), ("审核意见已提交", "The review is given")),
    "suspend": Act("suspension", _fields("reason"), ("事项已暂停", "The line is suspended")),
    "resume": Act("resumption", _fields(), ("事项已恢复", "The line is resumed")),
    "comment": Act("comments", _fields("text"), ("意见已发表", "It is said")),
    "withdraw_comment": Act("comments/{comment}/withdrawal", _fields(), ("意见已撤回", "It is withdrawn")),
    "schedule": Act("schedule", _schedule_body, ("进度安排已保存", "The schedule is saved"), "PUT"),
    "complete": Act(
        "milestones/{milestone}/completion", _fields("on", "note"), ("节点已完成", "The milestone is reached")
    ),
    "extend": Act("extensions", _fields("deadline", "cause"), ("延期申请已提交", "The extension is asked for")),
    "move_deadline": Act("deadline", _fields("deadline", "cause"), ("时限已调整", "The deadline is moved")),
    "approve_extension": Act(f"{_EXTENSION}/approval", _fields("remark"), ("已同意延期", "The extension is approved")),
    "refuse_extension": Act(f"{_EXTENSION}/refusal", _fields("reason"), ("未同意延期", "The extension is refused")),
}
