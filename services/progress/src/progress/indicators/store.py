"""Every SQL statement about definitions and targets of indicators."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import Session
from progress.indicators.rules import (
    Aggregation,
    Checks,
    Direction,
    Effect,
    Indicator,
    Kind,
    Period,
    Status,
    plain,
)
from progress.pagination import bigint

Row = dict[str, Any]
LOCK = 7_261_040
_DATA = """
    SELECT i.id, i.code, i.name, i.name_en, i.measure, i.kind, i.aggregation, i.direction, i.period, i.source,
           i.sentence, i.unit, u.name AS unit_name, i.formula, i.checks, i.status, i.version, i.updated_at
    FROM indicator i LEFT JOIN unit u ON u.code = i.unit
"""
_WRITTEN = "name, name_en, measure, kind, aggregation, direction, period, source, unit, formula"
_VALUES = ", ".join(f":{name}" for name in _WRITTEN.split(", "))


async def lock(db: Session) -> None:
    """Until the transaction ends nobody else changes definitions, which must go together."""
    await db.value("SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)


async def all_data(db: Session) -> list[Row]:
    """Every definition that the caller may see, by code; there are few."""
    return [dict(row) for row in await db.rows(f"{_DATA} ORDER BY i.code")]


async def data(db: Session, code: str) -> Row | None:
    row = await db.row(f"{_DATA} WHERE i.code = :code", code=code)
    return dict(row) if row else None


def definition(row: Mapping[str, Any]) -> Indicator:
    return Indicator(
        code=row["code"],
        measure=row["measure"],
        kind=Kind(row["kind"]),
        aggregation=Aggregation(row["aggregation"]),
        direction=Direction(row["direction"]),
        period=Period(row["period"]),
        unit=row["unit"],
        formula=row["formula"],
        checks=checks(row["checks"]),
        status=Status(row["status"]),
        version=row["version"],
    )


def checks(stored: Mapping[str, Any]) -> Checks:
    numbers = {name: _number(stored[name]) for name in ("minimum", "maximum", "jump")}
    negative = Effect(stored["negative"]) if stored["negative"] else None
    return Checks(negative=negative, outside=Effect(stored["outside"]), jumping=Effect(stored["jumping"]), **numbers)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _stored(given: Mapping[str, Any]) -> dict[str, Any]:
    """A definition's fields as they are bound; decimals of checks stand as text in their JSON."""
    written = {name: given[name] for name in _WRITTEN.split(", ")}
    numbers = {name: plain(value) if isinstance(value, Decimal) else value for name, value in given["checks"].items()}
    return written | {"checks": json.dumps(numbers)}


async def add(db: Session, given: Mapping[str, Any], sentence: str | None = None) -> bool:
    """As a draft; False when the code is taken."""
    return bool(
        await db.run(
            f"""
            INSERT INTO indicator (id, code, {_WRITTEN}, checks, sentence, status)
            VALUES (:id, :code, {_VALUES}, CAST(:checks AS jsonb), :sentence, 'draft')
            ON CONFLICT (code) DO NOTHING
            """,  # noqa: S608
            id=uuid7(),
            code=given["code"],
            sentence=sentence,
            **_stored(given),
        )
    )


async def change(db: Session, code: str, given: Mapping[str, Any]) -> None:
    await db.run(
        f"""
        UPDATE indicator SET ({_WRITTEN}, checks) = ({_VALUES}, CAST(:checks AS jsonb)),
               version = version + 1, updated_at = clock_timestamp() WHERE code = :code
        """,  # noqa: S608
        code=code,
        **_stored(given),
    )


async def set_status(db: Session, code: str, status: Status, today: date) -> None:
    await db.run(
        """
        UPDATE indicator SET status = :status, version = version + 1, updated_at = clock_timestamp(),
               confirmed_on = CASE WHEN :status = 'confirmed' THEN CAST(:today AS date) ELSE confirmed_on END
        WHERE code = :code
        """,
        code=code,
        status=status,
        today=today,
    )


async def touch(db: Session, code: str) -> None:
    """A new version, for what changes beside the definition itself."""
    await db.run(
        "UPDATE indicator SET version = version + 1, updated_at = clock_timestamp() WHERE code = :code", code=code
    )


async def has_values(db: Session, code: str) -> bool:
    return bool(await db.value("SELECT EXISTS (SELECT FROM indicator_value WHERE indicator = :code)", code=code))


async def unit_exists(db: Session, code: str) -> bool:
    return bool(await db.value("SELECT EXISTS (SELECT FROM unit WHERE code = :code)", code=code))


async def known(db: Session, codes: Sequence[str]) -> set[str]:
    """Those of the codes that are definitions already."""
    rows = await db.rows("SELECT code FROM indicator WHERE code = ANY(:codes)", codes=list(codes))
    return {row["code"] for row in rows}


async def has_tasks(db: Session) -> bool:
    """Whether the notice has come; its first event made the topics, too."""
    return bool(await db.value("SELECT EXISTS (SELECT FROM task)"))


async def places(db: Session) -> dict[str, str]:
    """Names of the province and all zones by their codes, in their order."""
    rows = await db.rows("SELECT code, name FROM zone ORDER BY id NULLS LAST, code")
    return {"province": "省级"} | {row["code"]: row["name"] for row in rows}


async def targets(db: Session, code: str) -> list[dict[str, Any]]:
    rows = await db.rows(
        """
        SELECT jurisdiction, year, value FROM indicator_target WHERE indicator = :code ORDER BY year, jurisdiction
        """,
        code=code,
    )
    return [dict(row) for row in rows]


async def targets_of(
    db: Session, codes: Sequence[str], jurisdictions: Sequence[str], first: int, last: int
) -> dict[tuple[str, str, int], Decimal]:
    """By indicator, jurisdiction and year."""
    rows = await db.rows(
        """
        SELECT indicator, jurisdiction, year, value FROM indicator_target
        WHERE indicator = ANY(:codes) AND jurisdiction = ANY(:places) AND year BETWEEN :first AND :last
        """,
        codes=list(codes),
        places=list(jurisdictions),
        first=first,
        last=last,
    )
    return {(row["indicator"], row["jurisdiction"], row["year"]): row["value"] for row in rows}


async def set_targets(db: Session, code: str, given: Sequence[Mapping[str, Any]]) -> None:
    """In the place of those that there are."""
    await db.run("DELETE FROM indicator_target WHERE indicator = :code", code=code)
    for target in given:
        await db.run(
            """
            INSERT INTO indicator_target (indicator, jurisdiction, year, value)
            VALUES (:code, :jurisdiction, :year, :value)
            """,
            code=code,
            **target,
        )


async def keep(db: Session, code: str, what: str, definition: Mapping[str, Any], reason: str | None, by: str) -> None:
    """Keeps the present version for good."""
    await db.run(
        """
        INSERT INTO indicator_version (indicator, number, what, definition, reason, by)
        VALUES (:code, :number, :what, CAST(:definition AS jsonb), :reason, :by)
        """,
        code=code,
        number=definition["version"],
        what=what,
        definition=json.dumps(definition, ensure_ascii=False),
        reason=reason,
        by=by,
    )


async def versions(db: Session, code: str, *, limit: int, cursor: str | None) -> bytes:
    """Newest first."""
    after = pages.decode(cursor, bigint)
    return await pages.page(
        db,
        """
        SELECT number, what, definition, reason, by, at FROM indicator_version
        WHERE indicator = :code AND number < :after ORDER BY number DESC LIMIT :limit
        """,
        limit=limit,
        cursor_columns=("number",),
        code=code,
        after=after[0] if after else 2**62,
    )
