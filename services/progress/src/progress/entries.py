"""What was done with an order or a problem, step by step: who, when, in whose name, which words. Never overwritten."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from chassis import pages
from chassis.schemas import Output
from chassis.tenancy import Session
from progress.access import actor
from progress.offices import NAME
from progress.pagination import bigint

Thing = Literal["order", "problem"]
CLOCK = "clock"


class EntryOut(Output):
    """``number`` counts from 1; ``office`` is also ``clock``, for what time alone brings. ``day`` is the new deadline
    that a step is about, ``level`` that of an urging.
    """

    number: int
    what: str
    at: datetime
    actor: str
    office: str
    office_name: str
    text: str
    evidence: str
    day: date | None
    level: int | None


class EntryPage(Output):
    items: list[EntryOut]
    next: str | None


_SHOWN = f"""
    SELECT e.number, e.what, e.at, e.actor, e.office, {NAME.format("e.office")} AS office_name, e.text, e.evidence,
           e.day, e.level
"""


async def add(db: Session, thing: Thing, thing_id: UUID, what: str, given: Mapping[str, Any]) -> int:
    """``given``: text, evidence, day, level as far as there are such; the entry's number. Its thing must be locked."""
    caller = db.caller
    said = {"text": "", "evidence": "", "day": None, "level": None} | dict(given)
    number: int = await db.value(
        f"""
        INSERT INTO {thing}_entry (thing_id, number, what, actor, office, text, evidence, day, level)
        SELECT :thing_id, coalesce(max(number), 0) + 1, :what, :actor, :office, :text, :evidence, :day, :level
        FROM {thing}_entry WHERE thing_id = :thing_id RETURNING number
        """,  # noqa: S608
        thing_id=thing_id,
        what=what,
        actor=caller.name if caller else "system",
        office=actor(caller).office if caller else CLOCK,
        **said,
    )
    return number


async def last(db: Session, thing: Thing, thing_id: UUID) -> dict[str, Any]:
    row = await db.row(
        f"{_SHOWN} FROM {thing}_entry e WHERE thing_id = :thing_id ORDER BY number DESC LIMIT 1", thing_id=thing_id
    )
    return dict(row or {})


async def page(db: Session, thing: Thing, thing_id: UUID, *, limit: int, cursor: str | None) -> bytes:
    """From the beginning."""
    after = pages.decode(cursor, bigint) or (0,)
    return await pages.page(
        db,
        f"{_SHOWN} FROM {thing}_entry e WHERE thing_id = :thing_id AND number > :after ORDER BY number LIMIT :limit",
        limit=limit,
        cursor_columns=("number",),
        thing_id=thing_id,
        after=after[0],
    )
