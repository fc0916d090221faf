"""What can be done with a case by a form: where it goes, what it says, what is shown when it is done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from portal.web.visit import UserVisit
from portal.web.words import Both

TEXTS = ("title", "background", "practice", "effect_before", "effect_after", "preconditions", "credit")
FIGURE = {"figure_name": "name", "figure_measure": "measure", "figure_before": "before", "figure_after": "after"}
EVIDENCE = {"evidence_title": "title", "evidence_link": "link"}
Body = Callable[[UserVisit], dict[str, Any]]


@dataclass(frozen=True)
class Act:
    """``path`` is below the case, with the ``{zone}`` of the user where it is about that zone's replication."""

    path: str
    body: Body
    done: Both


def _fields(*names: str) -> Body:
    return lambda visit: {name: visit.field(name) for name in names}


def _number(text: str) -> float | str:
    """What is no number is left for the service to say so."""
    try:
        return float(text)
    except ValueError:
        return text


def _rows(visit: UserVisit, fields: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The form's rows, without those that are left empty."""
    for values in zip_longest(*(visit.column(field) for field in fields), fillvalue=""):
        if any(values):
            yield dict(zip(fields.values(), values, strict=True))


def figures(visit: UserVisit) -> list[dict[str, Any]]:
    return [row | {"before": _number(row["before"]), "after": _number(row["after"])} for row in _rows(visit, FIGURE)]


def codes(text: str) -> list[str]:
    """Codes that are separated by whatever people separate them by."""
    for mark in "、，；,;":
        text = text.replace(mark, " ")
    return text.split()


def written(visit: UserVisit) -> dict[str, Any]:
    """A case as its form says it."""
    evidence = [{**row, "link": row["link"] or None} for row in _rows(visit, EVIDENCE)]
    given = {name: visit.field(name) for name in TEXTS}
    return given | {"figures": figures(visit), "evidence": evidence, "tasks": codes(visit.field("tasks"))}


def _invitation(visit: UserVisit) -> dict[str, Any]:
    return {"units": visit.column("units"), "due": visit.field("due") or None}


def _score(visit: UserVisit) -> dict[str, Any]:
    rows = zip(visit.column("criterion"), visit.column("points"), strict=False)
    points = [{"criterion": name, "points": int(value) if value.isdecimal() else value} for name, value in rows]
    return {"points": points, "opinion": visit.field("opinion"), "expert": visit.field("expert") or None}


def _adoption(visit: UserVisit) -> dict[str, Any]:
    return {"plan": visit.field("plan"), "differences": visit.field("differences"), "due": visit.field("due") or None}


def _result(visit: UserVisit) -> dict[str, Any]:
    said = {name: visit.field(name) for name in ("result", "differences", "effect_before", "effect_after")}
    return said | {"figures": figures(visit)}


_OWN = "replications/{zone}"
ACTS: Mapping[str, Act] = {
    "submit": Act("submission", _fields(), ("案例已申报，等待评审", "The case is submitted")),
    "invite": Act("rounds", _invitation, ("评审已开始", "The evaluation has begun")),
    "score": Act("scores", _score, ("评分已提交", "The score is given")),
    "conclude": Act("conclusion", _fields(), ("本轮评审已结束", "The round is concluded")),
    "approve": Act("approval", _fields("level", "remark"), ("案例已认定", "The case is approved")),
    "return": Act("return", _fields("reason"), ("案例已退回", "The case is returned")),
    "reject": Act("rejection", _fields("reason"), ("案例不予认定", "The case is rejected")),
    "publish": Act("publication", _fields("preconditions", "credit"), ("案例已发布", "The case is published")),
    "withdraw": Act(
        "withdrawal", _fields("reason"), ("申报已撤回，可修改后重新申报", "The case is withdrawn; it is a draft again")
    ),
    "retract": Act("retraction", _fields("reason"), ("案例已撤下", "The case is taken from the public list")),
    "adopt": Act(f"{_OWN}/adoption", _adoption, ("已答复：采用", "Answered: the case will be taken over")),
    "start": Act(f"{_OWN}/start", _fields("progress"), ("已启动推广", "The replication has begun")),
    "finish": Act(f"{_OWN}/result", _result, ("推广成效已填报", "The result is noted")),
    "decline": Act(f"{_OWN}/refusal", _fields("reason"), ("已答复：不采用", "Answered: the case is not taken over")),
}
REPLICATING = frozenset({"adopt", "start", "finish", "decline"})
"""Acts whose version is that of the replication."""
