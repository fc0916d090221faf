"""Every SQL statement about orders."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.closing.store import CLOSED_ZONES, offered
from progress.lines.rules import Actor
from progress.offices import NAME
from progress.orders.rules import WAITS_FOR, WORKFLOW, Capacity, Order, State, watch

_DATA = f"""
    SELECT o.id, o.jurisdiction, '〔' || o.year || '〕' || o.serial || '号' AS number, o.year, o.serial, o.title,
           o.requirement, o.source, o.basis,
           json_build_object('office', o.lead, 'name', {NAME.format("o.lead")}) AS lead,
           coalesce((SELECT json_agg(json_build_object('office', m, 'name', {NAME.format("m")}) ORDER BY position)
                     FROM unnest(o.members) WITH ORDINALITY x(m, position)), '[]') AS members,
           o.state, o.first_deadline, o.deadline, o.asked_deadline, o.sign_due, o.issued_on, o.signed_on, o.answered_on,
           o.ended_on, o.urged_on, o.level, o.updated_at, o.version
"""  # noqa: S608
_COLOUR = """
    CASE WHEN o.red_from <= :today THEN 'red' WHEN o.yellow_from <= :today THEN 'yellow'
         WHEN o.blue_from <= :today THEN 'blue' END
"""
_CAPACITY = """
    CASE WHEN CAST(:scope AS text) = 'all' THEN 'province' WHEN o.lead = :office THEN 'lead'
         WHEN :office = ANY(o.members) THEN 'member' ELSE 'reader' END
"""
_SHOWN = f"""
    {_DATA}, {_COLOUR} AS colour,
    coalesce((SELECT json_agg(json_build_object('id', l.id, 'title', t.title, 'number', t.number, 'jurisdiction_name',
                                                coalesce(z.name, '省级'))
                              ORDER BY l.plan_rank, l.task_number, l.jurisdiction)
              FROM order_line ol JOIN line l ON l.id = ol.line_id JOIN task t ON t.code = l.task
              LEFT JOIN zone z ON z.code = l.jurisdiction WHERE ol.order_id = o.id), '[]') AS lines,
    (SELECT json_build_object('id', d.id, 'meeting_title', d.meeting_title, 'number', d.number)
     FROM decision d WHERE d.order_id = o.id) AS decision,
    {offered("o.jurisdiction", f"coalesce(CAST(:actions AS jsonb) -> ({_CAPACITY} || '/' || o.state), '[]')")}
"""  # noqa: S608
_TURN = """
    o.ended_on IS NULL AND ((:scope = 'all' AND o.state = ANY(:of_province))
                            OR (o.lead = :office AND o.state = ANY(:of_lead)))
"""
FILTERS = {
    "state": "o.state = :state",
    "colour": f"o.ended_on IS NULL AND {_COLOUR} = :colour",
    "party": "o.offices @> ARRAY[CAST(:party AS text)]",
    "line": "o.id IN (SELECT order_id FROM order_line WHERE line_id = CAST(:line AS uuid))",
    "open": "(o.ended_on IS NULL) = :open",
    "overdue": "(o.state IN ('issued', 'in_hand') AND o.deadline < :today) = :overdue",
    "waiting": f"({_TURN}) = :waiting",
}
_COLUMNS = """
    id, jurisdiction, lead, members, state, deadline, version, year, serial, sign_due, asked_deadline, issued_on,
    signed_on, answered_on, ended_on, urged_on, level, pressed, poor
"""
_BY_CLOCK = (
    *("state", "version", "urged_on", "level", "pressed", "asked_deadline", "ended_on"),
    *("blue_from", "yellow_from", "red_from", "urge_from"),
)
_BY_PEOPLE = (
    *("year", "serial", "deadline", "sign_due", "issued_on", "signed_on", "answered_on"),
    "poor",
    *_BY_CLOCK,
)


def _acting(actor: Actor, today: date) -> dict[str, Any]:
    return {
        "actions": json.dumps(WORKFLOW.rights()),
        "scope": actor.scope,
        "office": actor.office if actor.scope in ("tenant", "unit") else "",
        "today": today,
    }


async def page(
    db: Session, actor: Actor, today: date, filters: Mapping[str, Any], *, limit: int, cursor: str | None
) -> bytes:
    """Orders, newest first. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, UUID)
    given = _acting(actor, today) | dict(filters)
    conditions = ["true", *(FILTERS[name] for name in filters)]
    if after:
        conditions.append("o.id < :after")
        given["after"] = after[0]
    if "waiting" in filters:
        given |= {"of_province": WAITS_FOR[Capacity.PROVINCE], "of_lead": WAITS_FOR[Capacity.LEAD]}
    sql = f"{_SHOWN} FROM orders o WHERE {' AND '.join(conditions)} ORDER BY o.id DESC LIMIT :limit"
    return await pages.page(db, sql, limit=limit, cursor_columns=("id",), **given)


async def shown(db: Session, actor: Actor, today: date, order_id: UUID) -> bytes | None:
    """The order as the API gives it; None for one that the caller may not see."""
    return await db.json_one(f"{_SHOWN} FROM orders o WHERE o.id = :id", id=order_id, **_acting(actor, today))


async def data(db: Session, order_id: UUID) -> dict[str, Any]:
    """The order as events carry it."""
    body = await db.json_one(f"{_DATA} FROM orders o WHERE o.id = :id", id=order_id)
    assert body is not None  # noqa: S101 - of an order that was just changed
    return dict(json.loads(body))


async def get(db: Session, order_id: UUID) -> Order | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM orders WHERE id = :id", id=order_id)  # noqa: S608
    return _order(row) if row else None


def _order(row: RowMapping) -> Order:
    return Order(**{**row, "state": State(row["state"])})


async def lock(db: Session, order_id: UUID) -> Order | None:
    """The order, unchanged by others until the transaction ends; None when the caller may not change it now."""
    if not await db.value("SELECT true FROM orders WHERE id = :id FOR UPDATE", id=order_id):
        return None
    return await get(db, order_id)


async def lock_to_urge(db: Session, today: date, limit: int) -> list[Order]:
    """Orders that the clock is to urge by today."""
    rows = await db.rows(
        f"""
        SELECT {_COLUMNS} FROM orders
        WHERE urge_from <= :today AND state <> 'extending' AND jurisdiction <> ALL(ARRAY({CLOSED_ZONES}))
        ORDER BY id LIMIT :limit FOR UPDATE
        """,  # noqa: S608
        today=today,
        limit=limit,
    )
    return [_order(row) for row in rows]


async def lock_open(db: Session, lead: str) -> list[Order]:
    """Those that an office leads and that have not ended."""
    rows = await db.rows(
        f"SELECT {_COLUMNS} FROM orders WHERE lead = :lead AND ended_on IS NULL ORDER BY id FOR UPDATE",  # noqa: S608
        lead=lead,
    )
    return [_order(row) for row in rows]


async def register(db: Session, given: Mapping[str, Any], jurisdiction: str, lines: Sequence[UUID], name: str) -> UUID:
    order_id = uuid7()
    await db.run(
        """
        INSERT INTO orders (id, jurisdiction, title, requirement, source, basis, lead, members, first_deadline,
                            deadline, registered_by)
        VALUES (:id, :jurisdiction, :title, :requirement, :source, :basis, :lead, :members, :deadline, :deadline, :name)
        """,
        id=order_id,
        jurisdiction=jurisdiction,
        name=name,
        **given,
    )
    await db.run(
        """
        INSERT INTO order_line (order_id, line_id)
        SELECT :id, line_id FROM unnest(CAST(:lines AS uuid[])) line_id ORDER BY line_id
        """,
        id=order_id,
        lines=list(lines),
    )
    return order_id


async def next_number(db: Session, year: int) -> tuple[int, int]:
    """Year and place in its series. The series waits for this transaction, so that no number is ever left out."""
    serial = await db.value(
        """
        INSERT INTO order_series (year, last) VALUES (:year, 1)
        ON CONFLICT (year) DO UPDATE SET last = order_series.last + 1 RETURNING last
        """,
        year=year,
    )
    return year, int(serial)


async def save(db: Session, order: Order) -> None:
    """What a step changed, with the days of its colours. The clock changes less than people do."""
    values = asdict(order) | asdict(watch(order))
    columns = _BY_PEOPLE if db.caller else _BY_CLOCK
    setting = ", ".join(f"{column} = :{column}" for column in columns)
    await db.run(
        f"UPDATE orders SET {setting}, updated_at = clock_timestamp() WHERE id = :id",  # noqa: S608
        id=order.id,
        **{column: values[column] for column in columns},
    )


async def known_lines(db: Session, lines: Sequence[UUID]) -> int:
    """How many of them there are."""
    return int(await db.value("SELECT count(*) FROM line WHERE id = ANY(:lines)", lines=list(lines)))


async def record_of_offices(db: Session, first: date, last: date) -> list[dict[str, Any]]:
    """For assessment (考评): by lead office the orders that were issued in these days, without revoked ones: how many,
    signed for in time, answered in time (an application to conclude that was not returned, by the deadline that held).
    """
    rows = await db.rows(
        """
        SELECT lead AS office, count(*) AS issued, count(*) FILTER (WHERE signed_on <= sign_due) AS signed_in_time,
               count(*) FILTER (WHERE answered_on <= deadline) AS answered_in_time, array_agg(id ORDER BY id) AS orders
        FROM orders WHERE issued_on BETWEEN :first AND :last AND state <> 'revoked' GROUP BY lead ORDER BY lead
        """,
        first=first,
        last=last,
    )
    return [dict(row) for row in rows]
