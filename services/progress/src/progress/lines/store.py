"""Every SQL statement about lines."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.lines import piles, rules
from progress.lines.rules import Actor, Light, Line, Opening, State, Step
from progress.lines.sorting import Sorted
from progress.reports.store import SHOWN as REPORT
from progress.thresholds.rules import Thresholds

_DATA = """
    SELECT l.id, l.jurisdiction, coalesce(z.name, '省级') AS jurisdiction_name,
           json_build_object('code', t.code, 'number', t.number, 'title', t.title, 'plan',
               json_build_object('code', p.code, 'name', p.name, 'number', p.number, 'kind', p.kind)) AS task,
           l.state, l.percent, l.light, l.due,
           (SELECT s.first_deadline FROM schedule s WHERE s.line_id = l.id) AS first_due,
           (SELECT count(*) FROM extension e WHERE e.line_id = l.id AND e.status IN ('approved', 'moved'))
               AS due_changes,
           l.moved_on, l.stalled_on, l.red_on,
           coalesce((SELECT json_agg(json_build_object('code', u.code, 'name', u.name, 'role',
                                CASE WHEN u.code = ANY(l.leads) THEN 'lead' ELSE 'member' END) ORDER BY position)
                     FROM unnest(l.units) WITH ORDINALITY x(code, position) JOIN unit u USING (code)), '[]') AS units,
           l.opened_on, l.withdrawn, t.edition, l.updated_at, l.version
"""
_OF_LINE = """
    JOIN task t ON t.code = l.task JOIN plan p ON p.code = l.plan LEFT JOIN zone z ON z.code = l.jurisdiction
"""
_TIMING = """
    coalesce((SELECT CASE WHEN bool_and(m.done_on IS NOT NULL) THEN 'reached' ELSE 'running' END
                     || CASE WHEN EXISTS (SELECT FROM extension e WHERE e.line_id = l.id AND e.status = 'asked')
                             THEN '_asked' ELSE '' END
              FROM milestone m WHERE m.line_id = l.id HAVING count(*) > 0),
             CASE WHEN EXISTS (SELECT FROM extension e WHERE e.line_id = l.id AND e.status = 'asked') THEN 'due_asked'
                  WHEN l.due IS NULL THEN 'none' ELSE 'due' END)
"""
_SHOWN = f"""
    {_DATA}, l.closed, row_to_json(r) AS latest_report,
    CASE WHEN l.withdrawn THEN CAST('[]' AS jsonb)
         ELSE coalesce(may.rights -> concat_ws('/', may.capacity, l.state,
                  CASE WHEN r.status IS DISTINCT FROM 'submitted' THEN 'none'
                       WHEN r.office = :office THEN 'own' ELSE 'other' END), '[]')
              || coalesce(may.rights -> concat_ws('/', may.capacity, l.state, {_TIMING}, 'schedule'), '[]')
    END AS actions
"""
_ACTIONS = json.dumps(rules.table())
MAY = """
    CROSS JOIN LATERAL (SELECT (SELECT CAST(:actions AS jsonb)) AS rights, CASE
        WHEN :scope = 'all' THEN 'province'
        WHEN :scope = 'tenant' AND l.jurisdiction = :tenant THEN 'city'
        WHEN :scope = 'unit' AND :unit = ANY(l.leads)
            THEN CASE WHEN l.jurisdiction = 'province' THEN 'leader' ELSE 'reviewer' END
        ELSE 'reader' END AS capacity) may
"""
_LATEST = f"LEFT JOIN LATERAL ({REPORT} WHERE r.line_id = l.id ORDER BY r.number DESC LIMIT 1) r ON true"
WHOLE = f"{_SHOWN} FROM line l {_OF_LINE} {_LATEST} {MAY}"
"""A line as the API gives it."""

FILTERS = {
    "jurisdiction": "l.jurisdiction = :jurisdiction",
    "plan": "l.plan = :plan",
    "task": "l.task = :task",
    "unit": """l.units && (SELECT array_agg(code) FROM unit WHERE code = :filter_unit OR name = :filter_unit
                                                           OR CAST(:filter_unit AS text) = ANY(aliases))""",
    "state": "l.state = :state",
    "scheduled": "EXISTS (SELECT FROM milestone m WHERE m.line_id = l.id) = (:scheduled = 'true')",
    "light": "l.light = :light",
    "mark": """CASE :mark WHEN 'stalled' THEN l.stalled_on IS NOT NULL
                          WHEN 'was_red' THEN l.red_on IS NOT NULL AND l.light <> 'red' ELSE false END""",
    "pile": f"(SELECT CAST(:pile AS text) = ANY({piles.OF_LINE}) FROM (SELECT) whoever {MAY})",  # noqa: S608
    "q": """l.task IN (SELECT code FROM task
                       WHERE position(lower(:q) IN lower(title || ' ' || text)) > 0 OR code = :q)""",
}
_COLUMNS = """
    l.id, l.jurisdiction, l.task, l.units, l.leads, l.due, l.state, l.percent, l.light, l.opened_on, l.withdrawn,
    l.closed, l.version, l.moved_on, l.stalled_on,
    (SELECT json_build_array(near_days, behind_percent, stalled_days) FROM thresholds) AS thresholds,
    (SELECT r.office FROM report r WHERE r.line_id = l.id AND r.status = 'submitted') AS awaiting_office,
    (SELECT json_agg(json_build_array(m.due, m.weight, m.done_on IS NOT NULL) ORDER BY m.due, m.position)
     FROM milestone m WHERE m.line_id = l.id) AS steps,
    EXISTS (SELECT FROM extension e WHERE e.line_id = l.id AND e.status = 'asked') AS extension_asked
"""


def acting(actor: Actor) -> dict[str, Any]:
    """What ``MAY`` and ``WHOLE`` go by."""
    return {
        "actions": _ACTIONS,
        "scope": actor.scope,
        "tenant": actor.tenant or "",
        "unit": actor.unit or "",
        "office": actor.office,
    }


async def page(
    db: Session,
    actor: Actor,
    filters: Mapping[str, str],
    *,
    limit: int,
    cursor: str | None,
    by: Sorted = Sorted(),
    beside: str = "",
    closed: bool = False,
) -> bytes:
    """Lines as ``by`` sorts them. ``filters`` by the names in ``FILTERS``; ``beside`` is one more column of ``l``;
    ``closed``: those that were withdrawn with their zones.
    """
    after = pages.decode(cursor, *by.types)
    conditions = ["l.closed" if closed else "NOT l.withdrawn", *(FILTERS[name] for name in filters)]
    given: dict[str, Any] = {"filter_unit" if name == "unit" else name: value for name, value in filters.items()}
    if after:
        conditions.append(by.after)
        given |= by.bound(after)
    sql = f"""WITH l AS (SELECT * FROM line l WHERE {" AND ".join(conditions)} ORDER BY {by.order} LIMIT :limit)
              {_SHOWN}{beside and f", {beside}"}, {by.beside}
              FROM l {_OF_LINE} {_LATEST} {MAY} ORDER BY {by.order}"""  # noqa: S608
    return await pages.page(db, sql, limit=limit, cursor_columns=by.columns, **acting(actor), **given)


async def shown(db: Session, actor: Actor, line_id: UUID) -> bytes | None:
    """The line as the API gives it; None for one that the caller may not see."""
    return await db.json_one(f"{WHOLE} WHERE l.id = :id", id=line_id, **acting(actor))


async def data(db: Session, line_id: UUID) -> dict[str, Any]:
    """The line as events carry it."""
    return (await data_all(db, [line_id]))[line_id]


async def data_all(db: Session, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Lines as events carry them."""
    body = await db.json(f"{_DATA} FROM line l {_OF_LINE} WHERE l.id = ANY(:ids)", ids=list(ids))
    return {UUID(line["id"]): line for line in json.loads(body)}


def _line(row: RowMapping) -> Line:
    steps = [Step(date.fromisoformat(due), weight, done) for due, weight, done in row["steps"] or ()]
    read = {"state": State(row["state"]), "light": Light(row["light"]), "steps": steps}
    return Line(**{**row, **read, "thresholds": Thresholds(*row["thresholds"])})


async def get(db: Session, line_id: UUID) -> Line | None:
    row = await db.row(f"SELECT {_COLUMNS} FROM line l WHERE l.id = :id", id=line_id)  # noqa: S608
    return _line(row) if row else None


async def get_all(db: Session, ids: Sequence[UUID]) -> list[Line]:
    """By their ids."""
    found = await db.rows(f"SELECT {_COLUMNS} FROM line l WHERE l.id = ANY(:ids) ORDER BY l.id", ids=list(ids))  # noqa: S608
    return [_line(row) for row in found]


async def lock(db: Session, line_id: UUID) -> Line | None:
    """The line as it is now, unchanged by others until the transaction ends; None when the caller may not change it."""
    if not await db.value("SELECT true FROM line WHERE id = :id FOR UPDATE", id=line_id):
        return None
    return await get(db, line_id)


async def lock_all(db: Session, ids: Sequence[UUID]) -> None:
    """Keeps lines from being changed by others until the transaction ends."""
    await db.rows("SELECT id FROM line WHERE id = ANY(:ids) ORDER BY id FOR UPDATE", ids=list(ids))


async def lock_of_task(db: Session, task: str) -> list[Line]:
    await db.rows("SELECT id FROM line WHERE task = :task ORDER BY id FOR UPDATE", task=task)
    rows = await db.rows(f"SELECT {_COLUMNS} FROM line l WHERE l.task = :task", task=task)  # noqa: S608
    return [_line(row) for row in rows]


async def lock_stale(db: Session, today: date, limit: int) -> list[Line]:
    """Lines whose light was last judged before today and may have changed by time alone."""
    rows = await db.rows(
        """
        SELECT id FROM line WHERE due IS NOT NULL AND NOT withdrawn AND state <> 'confirmed' AND light_on < :today
        ORDER BY id LIMIT :limit FOR UPDATE
        """,
        today=today,
        limit=limit,
    )
    return await get_all(db, [row["id"] for row in rows])


async def lock_still(db: Session, today: date, limit: int) -> list[Line]:
    """Lines that stand still without an alarm, and those that have one although they do not, by the thresholds."""
    rows = await db.rows(
        """
        SELECT id FROM line WHERE NOT withdrawn AND (
            stalled_on IS NULL AND state IN ('not_started', 'in_progress')
                AND moved_on <= CAST(:today AS date) - (SELECT CAST(stalled_days AS integer) FROM thresholds)
            OR stalled_on IS NOT NULL
                AND moved_on > CAST(:today AS date) - (SELECT CAST(stalled_days AS integer) FROM thresholds))
        ORDER BY id LIMIT :limit FOR UPDATE
        """,
        today=today,
        limit=limit,
    )
    return await get_all(db, [row["id"] for row in rows])


async def judged(db: Session, ids: Sequence[UUID], today: date) -> None:
    await db.run("UPDATE line SET light_on = :today WHERE id = ANY(:ids)", ids=list(ids), today=today)


async def set_progress(db: Session, moved: Sequence[Mapping[str, Any]], today: date) -> None:
    """Sets what makes the progress of lines: id, state, percent, light, moved_on, stalled_on."""
    await db.run(
        """
        UPDATE line l SET state = x.state, percent = x.percent, light = x.light, light_on = :today,
               moved_on = x.moved_on, stalled_on = x.stalled_on, version = l.version + 1,
               updated_at = clock_timestamp()
        FROM jsonb_to_recordset(CAST(CAST(:moved AS text) AS jsonb))
             AS x (id uuid, state text, percent bigint, light text, moved_on date, stalled_on date)
        WHERE l.id = x.id
        """,
        moved=json.dumps(moved, default=str),
        today=today,
    )


async def open_line(
    db: Session, jurisdiction: str, task: Mapping[str, Any], opening: Opening, light: Light, today: date
) -> UUID:
    line_id = uuid7()
    await db.run(
        """
        INSERT INTO line (id, jurisdiction, task, plan, plan_rank, task_number, units, leads, due, state, percent,
                          light, light_on, opened_on, moved_on)
        VALUES (:id, :jurisdiction, :task, :plan, :rank, :number, :units, :leads, :due, 'not_started', 0, :light,
                :today, :today, :today)
        """,
        id=line_id,
        jurisdiction=jurisdiction,
        light=light,
        today=today,
        **_placing(task, opening),
    )
    return line_id


async def set_due(db: Session, line_id: UUID, due: date) -> None:
    """A part of a change whose other part is ``set_progress``."""
    await db.run("UPDATE line SET due = :due WHERE id = :id", id=line_id, due=due)


async def place(db: Session, line: Line, task: Mapping[str, Any], opening: Opening, light: Light, today: date) -> None:
    """Brings the line to what its task says now, and out of withdrawal."""
    await db.run(
        """
        UPDATE line SET plan = :plan, plan_rank = :rank, task_number = :number, units = :units, leads = :leads,
               due = :due, light = :light, light_on = :today, withdrawn = false, closed = false, version = version + 1,
               updated_at = clock_timestamp() WHERE id = :id AND task = :task
        """,
        id=line.id,
        light=light,
        today=today,
        **_placing(task, opening),
    )


def _placing(task: Mapping[str, Any], opening: Opening) -> dict[str, Any]:
    return {
        "task": task["code"],
        "plan": task["plan"],
        "rank": task["rank"],
        "number": task["number"],
        "due": task["due"],
        "units": list(opening.units),
        "leads": list(opening.leads),
    }


async def withdraw(db: Session, line_id: UUID, *, closed: bool) -> None:
    """``closed``: with its zone."""
    await db.run(
        """
        UPDATE line SET withdrawn = true, closed = :closed, version = version + 1, updated_at = clock_timestamp()
        WHERE id = :id
        """,
        id=line_id,
        closed=closed,
    )


async def rank_plan(db: Session, plan: str) -> None:
    """Keeps the order of a plan's lines when the plan's number changes."""
    await db.run(
        """
        UPDATE line SET plan_rank = plan.rank FROM plan
        WHERE plan.code = :plan AND line.plan = plan.code AND line.plan_rank <> plan.rank
        """,
        plan=plan,
    )


async def jurisdictions(db: Session, actor: Actor) -> bytes:
    """The province, then the zones, closed ones last, as far as the caller sees them."""
    return await db.json(
        """
        SELECT code, name, kind, closed_on FROM (
            SELECT 'province' AS code, '省级' AS name, 'province' AS kind, CAST(NULL AS date) AS closed_on,
                   CAST(NULL AS uuid) AS id
            UNION ALL SELECT code, name, kind, closed_on, id FROM zone) j
        WHERE :scope IN ('all', 'audit') OR (:scope = 'tenant' AND code = :tenant)
           OR (:scope = 'unit' AND EXISTS (SELECT FROM overview_cell c
                                           WHERE c.jurisdiction = j.code AND c.unit = :unit
                                             AND (c.lines > 0 OR j.closed_on IS NOT NULL)))
        ORDER BY closed_on IS NOT NULL, kind <> 'province', id NULLS LAST, code
        """,
        scope=actor.scope,
        tenant=actor.tenant or "",
        unit=actor.unit or "",
    )
