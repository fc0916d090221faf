"""Every SQL statement about values of indicators."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.pagination import code as a_code

_PRESENT = "JOIN indicator_revision r ON r.value_id = v.id AND r.number = v.version"
_REVISION = "r.number, r.value, r.note, r.explanation, r.warnings, r.reason, r.office, r.by, r.at"
_DATA = f"""
    SELECT v.id, v.indicator, i.name AS indicator_name, i.measure, i.unit, u.name AS unit_name, i.period AS every,
           v.jurisdiction, coalesce(z.name, '省级') AS jurisdiction_name, v.start, v.version, {_REVISION}
    FROM indicator_value v {_PRESENT} JOIN indicator i ON i.code = v.indicator
    LEFT JOIN unit u ON u.code = i.unit LEFT JOIN zone z ON z.code = v.jurisdiction
"""  # noqa: S608


async def recorded(
    db: Session, codes: Sequence[str], jurisdictions: Sequence[str], first: date, last: date
) -> list[RowMapping]:
    """Present values of the periods that begin between two days, both included, the earliest first."""
    return list(
        await db.rows(
            f"""
            SELECT v.indicator, v.jurisdiction, v.start, r.value FROM indicator_value v {_PRESENT}
            WHERE v.indicator = ANY(:codes) AND v.jurisdiction = ANY(:places) AND v.start BETWEEN :first AND :last
            ORDER BY v.start
            """,  # noqa: S608
            codes=list(codes),
            places=list(jurisdictions),
            first=first,
            last=last,
        )
    )


async def latest(db: Session, codes: Sequence[str], jurisdiction: str, until: date) -> dict[str, tuple[date, Decimal]]:
    """The last value of each indicator up to a day, by code."""
    rows = await db.rows(
        f"""
        SELECT c.code, v.start, v.value FROM unnest(CAST(:codes AS text[])) c(code) CROSS JOIN LATERAL (
            SELECT v.start, r.value FROM indicator_value v {_PRESENT}
            WHERE v.indicator = c.code AND v.jurisdiction = :place AND v.start <= :until
            ORDER BY v.start DESC LIMIT 1) v
        """,  # noqa: S608
        codes=list(codes),
        place=jurisdiction,
        until=until,
    )
    return {row["code"]: (row["start"], row["value"]) for row in rows}


async def at(db: Session, code: str, jurisdiction: str, start: date) -> Decimal | None:
    found: Decimal | None = await db.value(
        f"""
        SELECT r.value FROM indicator_value v {_PRESENT}
        WHERE v.indicator = :code AND v.jurisdiction = :place AND v.start = :start
        """,  # noqa: S608
        code=code,
        place=jurisdiction,
        start=start,
    )
    return found


async def add(db: Session, code: str, jurisdiction: str, start: date) -> UUID | None:
    """None when there is one of this period."""
    found: UUID | None = await db.value(
        """
        INSERT INTO indicator_value (id, indicator, jurisdiction, start) VALUES (:id, :code, :place, :start)
        ON CONFLICT (indicator, jurisdiction, start) DO NOTHING RETURNING id
        """,
        id=uuid7(),
        code=code,
        place=jurisdiction,
        start=start,
    )
    return found


async def revise(db: Session, value_id: UUID, number: int, given: dict[str, Any], office: str, by: str) -> None:
    """Adds a revision, which is the present one from then on. ``given`` has value, note, explanation, warnings,
    reason.
    """
    if number > 1:
        await db.run("UPDATE indicator_value SET version = :number WHERE id = :id", id=value_id, number=number)
    await db.run(
        """
        INSERT INTO indicator_revision (value_id, number, value, note, explanation, warnings, reason, office, by)
        VALUES (:id, :number, :value, :note, :explanation, :warnings, :reason, :office, :by)
        """,
        id=value_id,
        number=number,
        office=office,
        by=by,
        **given,
    )


async def get(db: Session, value_id: UUID) -> dict[str, Any] | None:
    row = await db.row(f"{_DATA} WHERE v.id = :id", id=value_id)
    return dict(row) if row else None


async def lock(db: Session, value_id: UUID) -> bool:
    """Whether the caller may change it; then it stays as it is until the transaction ends."""
    return bool(await db.value("SELECT true FROM indicator_value WHERE id = :id FOR UPDATE", id=value_id))


async def revisions(db: Session, value_id: UUID) -> list[RowMapping]:
    return list(
        await db.rows(
            f"SELECT {_REVISION} FROM indicator_revision r WHERE r.value_id = :id ORDER BY r.number",  # noqa: S608
            id=value_id,
        )
    )


async def page(
    db: Session, code: str, jurisdiction: str | None, *, limit: int, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """Values of an indicator, the latest period first."""
    after = pages.decode(cursor, date.fromisoformat, a_code, UUID)
    conditions = ["v.indicator = :code"]
    given: dict[str, Any] = {"code": code}
    if jurisdiction:
        conditions.append("v.jurisdiction = :place")
        given["place"] = jurisdiction
    if after:
        conditions.append("(v.start, v.jurisdiction, v.id) < (:start, :after, :id)")
        given |= dict(zip(("start", "after", "id"), after, strict=True))
    rows = await db.rows(
        f"""{_DATA} WHERE {" AND ".join(conditions)}
            ORDER BY v.start DESC, v.jurisdiction DESC, v.id DESC LIMIT :limit""",
        limit=limit + 1,
        **given,
    )
    shown = [dict(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return shown, None
    return shown, pages.encode(*(shown[-1][column] for column in ("start", "jurisdiction", "id")))
