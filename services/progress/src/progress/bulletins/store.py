"""Every SQL statement about bulletins and their sentences' facts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.bulletins import rules
from progress.bulletins.drafting import Fact
from progress.bulletins.rules import ALL, Status
from progress.pagination import bigint

NUMBERING = 7_261_070
_DATA = """
    b.id, b.status, b.year, b.number, b.title, b.since, b.until, b.period_id, b.plans, b.zones, b.readers, b.corrects,
    b.corrects_name, b.drafted_by, b.drafted_at, b.published_by, b.published_at, b.version
"""
_ACTIONS = "CAST(:actions AS jsonb) -> b.status AS actions"
_SHOWN = f"""
    SELECT {_DATA}, {_ACTIONS}, b.parts,
           ARRAY(SELECT CASE WHEN reader = 'all' THEN '各片区、各责任单位' ELSE coalesce(z.name, u.name, reader) END
                 FROM unnest(b.readers) WITH ORDINALITY r(reader, position)
                 LEFT JOIN zone z ON reader = 'zone:' || z.code LEFT JOIN unit u ON reader = 'unit:' || u.code
                 ORDER BY position) AS reader_names,
           coalesce((SELECT json_agg(json_build_object('id', c.id, 'year', c.year, 'number', c.number,
                                                       'title', c.title) ORDER BY c.id)
                     FROM bulletin c WHERE c.corrects = b.id AND c.status = 'published'), '[]') AS corrected_by
    FROM bulletin b WHERE b.id = :id
"""  # noqa: S608


async def page(db: Session, scope: str, status: str | None, *, limit: int, cursor: str | None) -> bytes:
    """The bulletins that the caller may read, newest first."""
    before = pages.decode(cursor, UUID)
    return await pages.page(
        db,
        f"""
        SELECT {_DATA}, {_ACTIONS} FROM bulletin b
        WHERE (CAST(:status AS text) IS NULL OR b.status = :status)
          AND (CAST(:before AS uuid) IS NULL OR b.id < :before)
        ORDER BY b.id DESC LIMIT :limit
        """,  # noqa: S608
        limit=limit,
        cursor_columns=("id",),
        status=status,
        before=before[0] if before else None,
        actions=json.dumps(rules.actions(scope)),
    )


async def shown(db: Session, scope: str, bulletin_id: UUID) -> bytes | None:
    return await db.json_one(_SHOWN, id=bulletin_id, actions=json.dumps(rules.actions(scope)))


async def get(db: Session, bulletin_id: UUID, *, lock: bool = False) -> RowMapping | None:
    """With the numbers of the sentences that have facts."""
    if lock:
        await db.value("SELECT true FROM bulletin WHERE id = :id FOR UPDATE", id=bulletin_id)
    return await db.row(f"SELECT {_DATA}, b.sentences FROM bulletin b WHERE b.id = :id", id=bulletin_id)  # noqa: S608


async def add(
    db: Session, given: Mapping[str, Any], title: str, parts: Sequence[Any], name: str, corrects_name: str | None
) -> UUID:
    bulletin_id = uuid7()
    await db.run(
        """
        INSERT INTO bulletin (id, title, since, until, period_id, plans, zones, parts, sentences, corrects,
                              corrects_name, drafted_by)
        VALUES (:id, :title, :since, :until, :period_id, :plans, :zones, CAST(:parts AS jsonb), :sentences,
                :corrects, :corrects_name, :name)
        """,
        id=bulletin_id,
        title=title,
        parts=json.dumps(parts, ensure_ascii=False),
        sentences=[sentence["key"] for part in parts for sentence in part["sentences"]],
        corrects_name=corrects_name,
        name=name,
        **given,
    )
    return bulletin_id


async def add_facts(db: Session, bulletin_id: UUID, facts: Sequence[Fact], resting: Mapping[UUID, list[int]]) -> None:
    rows = [
        {"position": position, "line_id": fact.line_id, "sentences": resting[fact.line_id], "fact": asdict(fact)}
        for position, fact in enumerate(facts, 1)
    ]
    await db.run(
        """
        INSERT INTO bulletin_fact (bulletin_id, position, line_id, sentences, fact)
        SELECT :id, position, line_id, sentences, fact
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) r(position bigint, line_id uuid, sentences bigint[], fact jsonb)
        """,
        id=bulletin_id,
        rows=json.dumps(rows, ensure_ascii=False, default=_written),
    )


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


async def facts(db: Session, bulletin_id: UUID, sentence: int | None, *, limit: int, cursor: str | None) -> bytes:
    """What a sentence rests on, or all of them, in the order of lines; of lines that the caller may see."""
    after = pages.decode(cursor, bigint) or (0,)
    return await pages.page(
        db,
        """
        SELECT r.*, position AS _position FROM bulletin_fact f CROSS JOIN LATERAL jsonb_to_record(fact) r(
            line_id uuid, jurisdiction text, place text, plan text, number bigint, title text, due date, state text,
            percent bigint, light text, leads jsonb, members jsonb, report jsonb, filing jsonb)
        WHERE f.bulletin_id = :id AND f.position > :after
          AND (CAST(:sentence AS bigint) IS NULL OR f.sentences @> ARRAY[CAST(:sentence AS bigint)])
        ORDER BY f.position LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("_position",),
        id=bulletin_id,
        sentence=sentence,
        after=after[0],
    )


async def edit(db: Session, bulletin_id: UUID, title: str, parts: Sequence[Any]) -> None:
    await db.run(
        "UPDATE bulletin SET title = :title, parts = CAST(:parts AS jsonb), version = version + 1 WHERE id = :id",
        id=bulletin_id,
        title=title,
        parts=json.dumps(parts, ensure_ascii=False),
    )


async def publish(db: Session, bulletin_id: UUID, readers: Sequence[str], year: int, name: str) -> None:
    """Gives it the next number of the year; nobody else takes one until the transaction ends."""
    await db.value("SELECT pg_advisory_xact_lock(:lock)", lock=NUMBERING)
    await db.run(
        """
        UPDATE bulletin SET status = 'published', readers = :readers, year = :year, published_by = :name,
               number = (SELECT coalesce(max(number), 0) + 1 FROM bulletin WHERE year = :year),
               published_at = clock_timestamp(), version = version + 1
        WHERE id = :id
        """,
        id=bulletin_id,
        readers=list(readers),
        year=year,
        name=name,
    )


async def cancel(db: Session, bulletin_id: UUID) -> None:
    await db.run(
        "UPDATE bulletin SET status = :to, version = version + 1 WHERE id = :id", id=bulletin_id, to=Status.CANCELLED
    )


async def everybody(db: Session) -> list[str]:
    """Every open zone and every unit, as readers."""
    rows = await db.rows(
        """
        SELECT 'zone:' || code AS reader FROM zone WHERE closed_on IS NULL UNION ALL SELECT 'unit:' || code FROM unit
        """
    )
    return sorted(row["reader"] for row in rows)


async def audiences(db: Session, readers: Sequence[str]) -> list[str]:
    """Whom a bulletin for these readers is told to."""
    return await everybody(db) if ALL in readers else list(readers)
