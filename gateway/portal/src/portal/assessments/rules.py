"""What the forms of assessments say, as the API takes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.web.api import Missing, conditions
from portal.web.visit import UserVisit
from portal.web.words import Both

SPARE = 3
"""Empty rows at the end of the scheme's form."""
PROPOSED = (
    {"code": "lines", "title": "任务推进", "basis": "lines", "points": 30},
    {"code": "milestones", "title": "节点按期完成", "basis": "milestones", "points": 15},
    {"code": "filings", "title": "定期报送", "basis": "filings", "points": 15},
    {"code": "orders", "title": "督办落实", "basis": "orders", "points": 15},
    {"code": "indicators", "title": "指标完成", "basis": "indicators", "points": 10},
    {"code": "cases", "title": "创新案例", "basis": "cases", "points": 5, "target": 2},
    {"code": "innovation", "title": "改革创新成效", "basis": "hand", "points": 10},
)


Json = Mapping[str, Any]
GROUPS: tuple[tuple[str, Both], ...] = (("zone:", ("片区", "Zones")), ("unit:", ("责任单位", "Responsible units")))


def ranked(results: Sequence[Json]) -> list[tuple[Both, list[tuple[int | None, Json]]]]:
    """Zones and units apart, in the order that they have, each with its place; equals share one. Without a total there
    is none, and none for an office that sees itself alone.
    """
    found = []
    for begins, heading in GROUPS:
        own = [result for result in results if result["office"].startswith(begins)]
        totals = [result["total"] for result in own] if len(results) > 1 else []
        places = [1 + totals.index(total) if total is not None else None for total in totals] or [None] * len(own)
        found.append((heading, list(zip(places, own, strict=True))))
    return [(heading, own) for heading, own in found if own]


def unscored(items: Sequence[Json], results: Sequence[Json]) -> int:
    """How many offices lack a score by hand."""
    by_hand = {item["code"] for item in items if item["basis"] == "hand"}
    return sum(any(each["code"] in by_hand and each["score"] is None for each in row["scores"]) for row in results)


@dataclass(frozen=True)
class Act:
    method: str
    path: str
    body: dict[str, Any]
    done: Both


def whole(text: str) -> int | str:
    """A whole number, or the text for the API to refuse."""
    return int(text) if text.isascii() and text.isdigit() else text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def scheme(visit: UserVisit) -> dict[str, Any]:
    """Title and items; rows without a title are left out, new ones get a code."""
    columns = (visit.column(name) for name in ("code", "item", "basis", "points", "target"))
    rows = [row for row in zip(*columns, strict=False) if row[1]]
    taken = {code for code, *_ in rows}
    fresh = (code for number in range(1, 100) if (code := f"item-{number}") not in taken)
    return {
        "title": visit.field("title"),
        "items": [
            {
                "code": code or next(fresh),
                "title": title,
                "basis": basis,
                "points": whole(points),
                "target": whole(target) if target else None,
            }
            for code, title, basis, points, target in rows
        ],
    }


def act(visit: UserVisit, office: str) -> Act | None:
    """What a form on an office's result asks for; Missing for what cannot be an item, objection or exemption."""
    name, item = visit.field("act"), visit.field("item")
    if name == "score":
        if not item.replace("-", "").isalnum():
            raise Missing
        body = {"points": _number(visit.field("points")), "reason": visit.field("reason")}
        return Act("PUT", f"scores/{office}/{item}", body, ("已评分", "Scored"))
    if name == "object":
        body = {"item": item, "text": visit.field("text")}
        return Act("POST", "objections", body, ("异议已提交", "The objection was raised"))
    if name == "answer":
        points = visit.field("points")
        answer: dict[str, Any] = {"answer": visit.field("answer"), "points": _number(points) if points else None}
        return Act("POST", f"objections/{_id(visit.field('objection'))}/answer", answer, ("异议已答复", "Answered"))
    return _tolerance(visit, office, name)


def _tolerance(visit: UserVisit, office: str, name: str) -> Act | None:
    """A fact that is left out of the score (容错), or that counts again."""
    reason = {"reason": visit.field("reason")}
    if name == "exempt":
        exempt = {name: visit.field(name) for name in ("item", "fact")} | reason
        return Act("POST", f"results/{office}/exemptions", exempt, ("已认定容错", "The fact is left out"))
    if name == "lift":
        return Act("POST", f"exemptions/{_id(visit.field('exemption'))}/lifting", reason, ("容错已撤销", "Lifted"))
    return None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Missing from error


def headers(visit: UserVisit) -> dict[str, str]:
    return conditions(visit.if_match, visit.idempotency_key)
