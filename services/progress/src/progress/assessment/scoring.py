"""An assessment's results: computed from the facts of today, or as they were published."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from chassis.tenancy import Session
from progress.assessment import facts, rules, store
from progress.assessment.rules import Basis, Item, Status
from progress.assessment.schemas import (
    ExemptionOut,
    ItemScore,
    MovementOut,
    ObjectionOut,
    ResultDetail,
    ResultOut,
    ScoredItem,
)

Row = Mapping[str, Any]
"""An assessment as stored; or what an office has for an item: office, item, score, facts, corrected, reason, by."""


def items_of(assessment: Row) -> list[Item]:
    return [Item(**{**item, "basis": Basis(item["basis"])}) for item in assessment["items"]]


async def computed(db: Session, assessment: Row, today: date, office: str | None = None) -> list[Row]:
    """A row for each item of every office that has facts, of every zone, or of the office that is named."""
    items = items_of(assessment)
    found = await facts.gather(db, items, assessment["year"], today, office)
    by_hand = await store.scores(db, assessment["id"])
    reasons = await store.reasons(db, assessment["id"])
    names = await store.names(db)
    zones = {code for code in names if code.startswith("zone:")}
    offices = {office} if office else zones | found.keys() | {of for of, _ in by_hand}
    rows: list[Row] = []
    for of in sorted(offices):
        for item in items:
            given = by_hand.get((of, item.code))
            of_item = rules.tolerated(found[of][item.code] if of in found else [], reasons.get((of, item.code), {}))
            scored = rules.score(item, of_item, of) if item.basis is not Basis.HAND else given and given["score"]
            said = {"reason": given["reason"], "by": given["by"]} if given else {"reason": None, "by": None}
            row = {"office": of, "item": item.code, "score": scored, "facts": of_item, "corrected": False}
            rows.append(row | said)
    return rows


async def rows_of(db: Session, assessment: Row, today: date, office: str | None = None) -> list[Row]:
    if is_trial(assessment):
        return await computed(db, assessment, today, office)
    return list(await store.results(db, assessment["id"], office))


def is_trial(assessment: Row) -> bool:
    return assessment["status"] in (Status.DRAFT, Status.ANNOUNCED)


def ranked(assessment: Row, rows: Sequence[Row], names: Mapping[str, str]) -> list[ResultOut]:
    """By total, those without one last; equals by their office's code."""
    by_office: dict[str, list[Row]] = {}
    titles = {item.code: item.title for item in items_of(assessment)}
    for row in rows:
        by_office.setdefault(row["office"], []).append(row)
    results = [
        ResultOut(
            office=office,
            name=names.get(office, office),
            total=_total(assessment, of_office),
            scores=[_score(titles, row) for row in of_office],
        )
        for office, of_office in by_office.items()
    ]
    return sorted(results, key=lambda result: (-1 if result.total is None else -result.total, result.office))


def _score(titles: Mapping[str, str], row: Row) -> ItemScore:
    return ItemScore(code=row["item"], title=titles[row["item"]], score=row["score"], corrected=row["corrected"])


def _total(assessment: Row, rows: Sequence[Row]) -> float | None:
    points = {item.code: item.points for item in items_of(assessment)}
    whole = rules.total([(points[row["item"]], row["score"]) for row in rows])
    return None if whole is None else float(whole)


async def detail(db: Session, assessment: Row, office: str, today: date) -> ResultDetail | None:
    """All that an office's result rests on; None for one that was not assessed."""
    rows = {row["item"]: row for row in await rows_of(db, assessment, today, office)}
    names = await store.names(db)
    if not rows or office not in names:
        return None
    earlier = await store.facts_of_year(db, assessment["year"] - 1, office)
    items = [
        ScoredItem(
            code=item.code,
            title=item.title,
            points=item.points,
            basis=item.basis,
            score=row["score"],
            corrected=row["corrected"],
            by=row["by"],
            reason=row["reason"],
            facts=[asdict(fact) for fact in row["facts"]],
            movement=MovementOut.model_validate(rules.movement(earlier[item.code], row["facts"]))
            if earlier.get(item.code)
            else None,
        )
        for item in items_of(assessment)
        for row in [rows[item.code]]
    ]
    return ResultDetail(
        trial=is_trial(assessment),
        office=office,
        name=names[office],
        total=_total(assessment, list(rows.values())),
        items=items,
        objections=[
            ObjectionOut.model_validate(dict(row)) for row in await store.objections(db, assessment["id"], office)
        ],
        exemptions=[
            ExemptionOut.model_validate(dict(row)) for row in await store.exemptions(db, assessment["id"], office)
        ],
    )
