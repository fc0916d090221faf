"""Every SQL statement about assessments themselves; the facts that they rest on are found in ``facts``."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.assessment.rules import Action, Fact, Status
from progress.pagination import bigint

_COLUMNS = "id, year, title, status, items, published_on, objections_until, version"


async def page(
    db: Session, actions: Mapping[str, Sequence[Action]], today: date, *, limit: int, cursor: str | None
) -> bytes:
    """Newest year first; ``actions`` are the caller's by status and whether the time for objections is over."""
    before = pages.decode(cursor, bigint) or (9999,)
    return await pages.page(
        db,
        f"""
        SELECT {_COLUMNS},
               CAST(:actions AS jsonb) -> (status || CASE WHEN objections_until < :today THEN '/over' ELSE '' END)
                   AS actions
        FROM assessment WHERE year < :before ORDER BY year DESC LIMIT :limit
        """,  # noqa: S608
        limit=limit,
        cursor_columns=("year",),
        before=before[0],
        today=today,
        actions=json.dumps(actions),
    )


async def get(db: Session, assessment_id: UUID) -> dict[str, Any] | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM assessment WHERE id = :id", id=assessment_id)  # noqa: S608
    return dict(row) if row else None


async def lock(db: Session, assessment_id: UUID) -> dict[str, Any] | None:
    """As it is now, unchanged by others until the transaction ends; for the province alone."""
    row = await db.row(f"SELECT {_COLUMNS} FROM assessment WHERE id = :id FOR UPDATE", id=assessment_id)  # noqa: S608
    return dict(row) if row else None


async def add(db: Session, year: int, title: str, items: Sequence[Mapping[str, Any]]) -> UUID | None:
    """None when the year has one already."""
    found: UUID | None = await db.value(
        """
        INSERT INTO assessment (id, year, title, items) VALUES (:id, :year, :title, CAST(:items AS jsonb))
        ON CONFLICT (year) DO NOTHING RETURNING id
        """,
        id=uuid7(),
        year=year,
        title=title,
        items=json.dumps(items, ensure_ascii=False),
    )
    return found


async def set_scheme(db: Session, assessment_id: UUID, title: str, items: Sequence[Mapping[str, Any]]) -> None:
    await db.run(
        "UPDATE assessment SET title = :title, items = CAST(:items AS jsonb), version = version + 1 WHERE id = :id",
        id=assessment_id,
        title=title,
        items=json.dumps(items, ensure_ascii=False),
    )


async def move(
    db: Session, assessment_id: UUID, status: Status, on: date | None = None, until: date | None = None
) -> None:
    """To its next status; ``on`` and ``until`` stay as they are where none is given."""
    await db.run(
        """
        UPDATE assessment SET status = :status, published_on = coalesce(:on, published_on),
               objections_until = coalesce(:until, objections_until), version = version + 1 WHERE id = :id
        """,
        id=assessment_id,
        status=status,
        on=on,
        until=until,
    )


async def touch(db: Session, assessment_id: UUID) -> None:
    await db.run("UPDATE assessment SET version = version + 1 WHERE id = :id", id=assessment_id)


async def put_score(
    db: Session, assessment_id: UUID, office: str, item: str, score: Decimal, reason: str, by: str
) -> None:
    await db.run(
        """
        INSERT INTO assessment_score (assessment_id, office, item, score, reason, by)
        VALUES (:id, :office, :item, :score, :reason, :by)
        ON CONFLICT (assessment_id, office, item)
        DO UPDATE SET score = excluded.score, reason = excluded.reason, by = excluded.by
        """,
        id=assessment_id,
        office=office,
        item=item,
        score=score,
        reason=reason,
        by=by,
    )


async def scores(db: Session, assessment_id: UUID) -> dict[tuple[str, str], RowMapping]:
    """Those by hand, by office and item."""
    rows = await db.rows(
        "SELECT office, item, score, reason, by FROM assessment_score WHERE assessment_id = :id", id=assessment_id
    )
    return {(row["office"], row["item"]): row for row in rows}


async def add_results(db: Session, assessment_id: UUID, results: Iterable[Mapping[str, Any]]) -> None:
    """``results``: office, item, score, facts, reason and by of each."""
    given = [{**result, "facts": [asdict(fact) for fact in result["facts"]]} for result in results]
    await db.run(
        """
        INSERT INTO assessment_result (assessment_id, office, item, score, facts, reason, by)
        SELECT :id, r.office, r.item, r.score, r.facts, r.reason, r.by
        FROM jsonb_to_recordset(CAST(:given AS jsonb))
             r(office text, item text, score numeric, facts jsonb, reason text, by text)
        """,
        id=assessment_id,
        given=json.dumps(given, ensure_ascii=False, default=str),
    )


async def results(db: Session, assessment_id: UUID, office: str | None = None) -> list[dict[str, Any]]:
    """As they were published or corrected since; facts as such only for one office."""
    facts = "facts" if office else "CAST('[]' AS jsonb) AS facts"
    rows = await db.rows(
        f"""
        SELECT office, item, score, {facts}, corrected, reason, by FROM assessment_result
        WHERE assessment_id = :id AND (office = :office OR :office = '')
        """,  # noqa: S608
        id=assessment_id,
        office=office or "",
    )
    return [{**row, "facts": [Fact(**fact) for fact in row["facts"]]} for row in rows]


async def facts_of_year(db: Session, year: int, office: str) -> dict[str, list[Fact]]:
    """What an office's results of a year rested on, by item."""
    rows = await db.rows(
        """
        SELECT r.item, r.facts FROM assessment_result r JOIN assessment a ON a.id = r.assessment_id
        WHERE a.year = :year AND r.office = :office
        """,
        year=year,
        office=office,
    )
    return {row["item"]: [Fact(**fact) for fact in row["facts"]] for row in rows}


async def correct(
    db: Session, assessment_id: UUID, office: str, item: str, score: Decimal, reason: str, by: str
) -> None:
    await db.run(
        """
        UPDATE assessment_result SET score = :score, corrected = true, reason = :reason, by = :by
        WHERE assessment_id = :id AND office = :office AND item = :item
        """,
        id=assessment_id,
        office=office,
        item=item,
        score=score,
        reason=reason,
        by=by,
    )


async def names(db: Session) -> dict[str, str]:
    """Of all zones and units, by office."""
    rows = await db.rows(
        "SELECT 'zone:' || code AS office, name FROM zone UNION ALL SELECT 'unit:' || code, name FROM unit"
    )
    return {row["office"]: row["name"] for row in rows}


async def raise_objection(db: Session, assessment_id: UUID, office: str, item: str, text: str, by: str) -> UUID | None:
    """None when one of the office about the item awaits its answer."""
    found: UUID | None = await db.value(
        """
        INSERT INTO objection (id, assessment_id, office, item, text, raised_by)
        VALUES (:id, :assessment_id, :office, :item, :text, :by)
        ON CONFLICT (assessment_id, office, item) WHERE answer IS NULL DO NOTHING RETURNING id
        """,
        id=uuid7(),
        assessment_id=assessment_id,
        office=office,
        item=item,
        text=text,
        by=by,
    )
    return found


_OBJECTION = """
    SELECT id, office, item, text, raised_by, raised_at, answer, answered_by, answered_at, version FROM objection
"""


async def objection(db: Session, assessment_id: UUID, objection_id: UUID) -> dict[str, Any] | None:
    row = await db.row(
        f"{_OBJECTION} WHERE id = :id AND assessment_id = :assessment_id", id=objection_id, assessment_id=assessment_id
    )
    return dict(row) if row else None


async def objections(db: Session, assessment_id: UUID, office: str | None = None) -> Sequence[RowMapping]:
    return await db.rows(
        f"{_OBJECTION} WHERE assessment_id = :id AND (office = :office OR :office = '') ORDER BY office, id",
        id=assessment_id,
        office=office or "",
    )


async def answer_objection(db: Session, objection_id: UUID, answer: str, by: str) -> None:
    await db.run(
        """
        UPDATE objection SET answer = :answer, answered_by = :by, answered_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        id=objection_id,
        answer=answer,
        by=by,
    )


_EXEMPTION = """
    SELECT id, office, item, fact, title, reason, granted_by, granted_at, lifted_reason, lifted_by, lifted_at, version
    FROM exemption
"""


async def exempt(
    db: Session, assessment_id: UUID, office: str, item: str, fact: Fact, reason: str, by: str
) -> UUID | None:
    """None when the fact is exempt already."""
    found: UUID | None = await db.value(
        """
        INSERT INTO exemption (id, assessment_id, office, item, fact, title, reason, granted_by)
        VALUES (:id, :assessment_id, :office, :item, :fact, :title, :reason, :by)
        ON CONFLICT (assessment_id, office, item, fact) WHERE lifted_at IS NULL DO NOTHING RETURNING id
        """,
        id=uuid7(),
        assessment_id=assessment_id,
        office=office,
        item=item,
        fact=fact.id,
        title=fact.title,
        reason=reason,
        by=by,
    )
    return found


async def lift(db: Session, exemption_id: UUID, reason: str, by: str) -> None:
    await db.run(
        """
        UPDATE exemption SET lifted_reason = :reason, lifted_by = :by, lifted_at = clock_timestamp(),
               version = version + 1 WHERE id = :id
        """,
        id=exemption_id,
        reason=reason,
        by=by,
    )


async def exemption(db: Session, assessment_id: UUID, exemption_id: UUID) -> dict[str, Any] | None:
    row = await db.row(
        f"{_EXEMPTION} WHERE id = :id AND assessment_id = :assessment_id", id=exemption_id, assessment_id=assessment_id
    )
    return dict(row) if row else None


async def exemptions(db: Session, assessment_id: UUID, office: str) -> Sequence[RowMapping]:
    """Those of an office, with the lifted ones."""
    return await db.rows(
        f"{_EXEMPTION} WHERE assessment_id = :id AND office = :office ORDER BY id", id=assessment_id, office=office
    )


async def reasons(db: Session, assessment_id: UUID) -> dict[tuple[str, str], dict[str, str]]:
    """Why facts are exempt now: by office and item, by fact."""
    rows = await db.rows(
        "SELECT office, item, fact, reason FROM exemption WHERE assessment_id = :id AND lifted_at IS NULL",
        id=assessment_id,
    )
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        found.setdefault((row["office"], row["item"]), {})[row["fact"]] = row["reason"]
    return found
