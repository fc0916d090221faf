"""Values of indicators (指标值): recorded and revised by offices and responsible units; nothing is overwritten."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Conflict, Forbidden, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress.access import READ, SCHEDULE, actor
from progress.closing import store as closing
from progress.filters import Jurisdiction
from progress.indicators import rules, store, values, valuing
from progress.indicators.api import Row
from progress.indicators.rules import Indicator
from progress.indicators.schemas import (
    RevisionIn,
    RevisionOut,
    ValueIn,
    ValueOut,
    ValuePage,
    ValueShown,
)
from progress.lines.rules import Actor

router = Router(tags=["indicators"])


@router.get("/indicators/{indicator}/values", response_model=ValuePage, dependencies=[READ])
async def recorded(
    row: Row,
    db: Db,
    caller: CallerDep,
    jurisdiction: Jurisdiction = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Recorded values with where they come from, the latest period first. An unknown code finds nothing."""
    definition, acting = store.definition(row), actor(caller)
    found, following = await values.page(db, definition.code, jurisdiction, limit=limit, cursor=cursor)
    closed = await closing.closed(db)
    return answer(ValuePage(items=[_out(value, definition, acting, closed) for value in found], next=following))


@router.post("/indicators/{indicator}/values", response_model=ValueOut, status_code=201, dependencies=[SCHEDULE])
async def record(given: ValueIn, row: Row, db: Db, caller: CallerDep, today: Today) -> Response:
    """Records the value of a period. 409 when there is one, which can be revised; 422 when a check refuses it, or
    warns and nothing is said to explain it.
    """
    definition, acting = store.definition(row), actor(caller)
    rules.authorize(acting, definition, given.jurisdiction)
    if given.jurisdiction not in await store.places(db):
        raise rules.NotMeasured("没有该代码的辖区。")
    slot = rules.slot(definition.period, given.period)
    rules.must_have_begun(slot, today)
    warnings = await _warnings(db, definition, given.jurisdiction, slot.start, given.value, given.explanation)
    value_id = await values.add(db, definition.code, given.jurisdiction, slot.start)
    if value_id is None:
        raise Conflict("value-recorded", "该报告期已有数值，如需更正请修订并说明原因。")
    kept = given.model_dump(include={"value", "note", "explanation"}) | {"warnings": warnings, "reason": None}
    await values.revise(db, value_id, 1, kept, acting.office, caller.name)
    after = await valuing.settle(db, value_id, "recorded", None)
    return answer(_out(after, definition, acting), version=1, status=201)


@router.get("/indicator-values/{value_id}", response_model=ValueShown, dependencies=[READ])
async def value(value_id: UUID, db: Db, caller: CallerDep) -> Response:
    """A value with every revision of it."""
    found, definition = await _found(db, value_id)
    return await _shown(db, found, definition, actor(caller))


async def _revisable(
    value_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch
) -> tuple[Mapping[str, Any], Indicator]:
    """The value of the path, locked, with its definition."""
    found, definition = await _found(db, value_id)
    if not rules.may_record(actor(caller), definition, found["jurisdiction"]):
        raise Forbidden("您不能修订该指标值。")
    if not await values.lock(db, value_id):
        raise rules.NotNow("该指标目前不能填报。")
    found, definition = await _found(db, value_id)
    check(found["version"], if_match)
    return found, definition


Revisable = Annotated[tuple[Mapping[str, Any], Indicator], Depends(_revisable)]


@router.post(
    "/indicator-values/{value_id}/revisions", response_model=ValueShown, status_code=201, dependencies=[SCHEDULE]
)
async def revise(given: RevisionIn, revisable: Revisable, db: Db, caller: CallerDep) -> Response:
    """Corrects a value, with the reason; what it was stays to be read. The ETag is the value's."""
    (before, definition), acting = revisable, actor(caller)
    rules.authorize(acting, definition, before["jurisdiction"])
    place, start = before["jurisdiction"], before["start"]
    warnings = await _warnings(db, definition, place, start, given.value, given.explanation)
    kept = given.model_dump() | {"warnings": warnings}
    await values.revise(db, before["id"], before["version"] + 1, kept, acting.office, caller.name)
    after = await valuing.settle(db, before["id"], "revised", before)
    return await _shown(db, after, definition, acting, status=201)


async def _warnings(
    db: Session, definition: Indicator, place: str, start: date, value: Decimal, explanation: str
) -> list[str]:
    """What the checks warn of. Raises Refused, or Unexplained."""
    previous = await values.at(db, definition.code, place, rules.before(definition.period, start))
    found = rules.warnings(definition.checks, value, previous)
    rules.must_explain(found, explanation)
    return found


async def _found(db: Session, value_id: UUID) -> tuple[Mapping[str, Any], Indicator]:
    found = await values.get(db, value_id)
    row = await store.data(db, found["indicator"]) if found else None
    if found is None or row is None:
        raise NotFound
    return found, store.definition(row)


def _actions(
    row: Mapping[str, Any], definition: Indicator, acting: Actor, closed: Collection[str]
) -> dict[str, list[str]]:
    may = row["jurisdiction"] not in closed and rules.recordable(acting, definition, [row["jurisdiction"]])
    return {"actions": ["revise"] if may else []}


def _out(
    row: Mapping[str, Any], definition: Indicator, acting: Actor, closed: Collection[str] = frozenset()
) -> ValueOut:
    return ValueOut.model_validate(valuing.labelled(row) | _actions(row, definition, acting, closed))


async def _shown(
    db: Session, row: Mapping[str, Any], definition: Indicator, acting: Actor, *, status: int = 200
) -> Response:
    revisions = [RevisionOut.model_validate(dict(each)) for each in await values.revisions(db, row["id"])]
    given = valuing.labelled(row) | _actions(row, definition, acting, await closing.closed(db))
    given |= {"revisions": revisions}
    return answer(ValueShown.model_validate(given), version=row["version"], status=status)
