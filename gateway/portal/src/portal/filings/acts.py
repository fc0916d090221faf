"""What can be done with a filing by a form: where it goes, what it says, what is shown when it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.web.api import Missing
from portal.web.visit import UserVisit
from portal.web.words import Both

FIELDS = ("percent", "done", "problems", "next_steps")
Body = Callable[[UserVisit], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """``path`` is below the filing; ``back`` when its own page is left for the period's."""

    path: str
    body: Body
    done: Both
    method: str = "POST"

    def address(self, visit: UserVisit) -> str:
        if "{query}" not in self.path:
            return self.path
        try:
            return self.path.format(query=UUID(visit.field("query")))
        except ValueError as error:
            raise Missing from error


def _number(text: str) -> int | str:
    """What is no number is left for the service to say so."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def draft(visit: UserVisit) -> dict[str, Any]:
    texts = {name: visit.field(name) for name in FIELDS[1:]}
    ticked = {name: bool(visit.field(name)) for name in ("finished", "unchanged")}
    return texts | ticked | {"percent": _number(visit.field("percent"))}


def _fields(*names: str) -> Body:
    return lambda visit: {name: visit.field(name) for name in names}


def _returned(visit: UserVisit) -> dict[str, Any]:
    remarks = [{"field": name, "text": text} for name in FIELDS if (text := visit.field(f"remark_{name}"))]
    return {"remark": visit.field("remark"), "remarks": remarks}


_REMARK = _fields("remark")
ACTS: Mapping[str, Act] = {
    "fill": Act("draft", draft, ("草稿已保存", "The draft is saved"), "PUT"),
    "contribute": Act("part", _fields("text"), ("配合情况已提交", "Your part is given"), "PUT"),
    "answer": Act("queries/{query}/answer", _fields("answer"), ("已答复", "The answer is given")),
    "submit": Act("submission", _REMARK, ("已提交本单位审核", "Submitted for your office's check")),
    "withdraw": Act("withdrawal", _REMARK, ("已撤回", "Taken back")),
    "check": Act("check", _REMARK, ("已报送省自贸办", "Sent to the province")),
    "send_back": Act("sending-back", _returned, ("已退回填报人", "Given back to the writer")),
    "uncheck": Act("check-undoing", _REMARK, ("已取消报送", "Taken back from the province")),
    "accept": Act("acceptance", _REMARK, ("已接收", "Accepted")),
    "unaccept": Act("acceptance-undoing", _REMARK, ("已取消接收", "The acceptance is taken back")),
    "approve": Act("approval", _fields("confidence", "remark"), ("已审定", "Approved")),
    "return": Act("return", _returned, ("已退回", "Returned")),
    "reopen": Act("reopening", _fields("reason", "until"), ("已重新开放", "Opened again")),
}
