"""Every SQL statement about tasks."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from catalog.editions.rules import Item, Responsibility, Source, Task
from catalog.tasks import rules
from chassis import pages
from chassis.tenancy import RowMapping, Session

ZONES = """
    coalesce((
        SELECT json_agg(z.code ORDER BY z.id) FROM zone z WHERE z.city_id = ANY({units})
        OR z.id = p.zone_id OR z.code = ANY(p.zones)), '[]')
"""
ITEM_UNITS = """
    ARRAY(SELECT CAST(r ->> 'unit_id' AS uuid) FROM jsonb_array_elements(i.item -> 'responsibilities') r)
"""
ITEMS = f"""
    (SELECT json_agg(json_build_object(
        'text', i.item ->> 'text',
        'responsibilities', coalesce((
            SELECT json_agg(json_build_object(
                'unit', json_build_object('code', u.code, 'name', u.name), 'role', r.role) ORDER BY r.position)
            FROM jsonb_to_recordset(i.item -> 'responsibilities') r(unit_id uuid, role text, position bigint)
            JOIN unit u ON u.id = r.unit_id), '[]'),
        'zones', {ZONES.format(units=ITEM_UNITS)}) ORDER BY i.position)
     FROM jsonb_array_elements(c.items) WITH ORDINALITY i(item, position))
"""  # noqa: S608 - put together from constants
PLAN = "json_build_object('code', p.code, 'number', p.number, 'name', p.name, 'kind', p.kind)"
UNIT = "json_build_object('code', u.code, 'name', u.name, 'kind', u.kind)"

SHOWN = f"""
    SELECT t.id, t.code, c.number, {PLAN} AS plan, c.title, c.text, {ITEMS} AS items,
           coalesce((SELECT json_agg(json_build_object('unit', {UNIT}, 'role', r.role, 'position', r.position)
                                     ORDER BY r.position)
            FROM jsonb_to_recordset(c.responsibilities) r(unit_id uuid, role text, position bigint)
            JOIN unit u ON u.id = r.unit_id), '[]') AS responsibilities,
           {ZONES.format(units="c.units")} AS zones, c.due,
           json_build_object('document', c.document, 'start', c.source_start, 'end', c.source_end,
                             'text', c.source_text) AS source,
           c.since AS edition, c.version, CAST('[]' AS json) AS actions
"""  # noqa: S608
FROM = " FROM task_content c JOIN task t ON t.id = c.task_id JOIN plan p ON p.id = c.plan_id "
AT = "c.since <= :at AND (c.until IS NULL OR c.until > :at)"

FILTERS = {
    "plan": "p.code = :plan",
    "zone": """EXISTS (SELECT FROM zone z WHERE z.code = :zone
        AND (z.city_id = ANY(c.units) OR z.id = p.zone_id OR z.code = ANY(p.zones)))""",
    "unit": """c.{column} && ARRAY(
        SELECT id FROM unit WHERE code = :unit OR name = :unit OR aliases @> ARRAY[CAST(:unit AS text)])""",
    "query": "c.search @@ CAST(CAST(:query AS text) AS tsquery)",
}


async def page(
    db: Session, at: int | None, filters: dict[str, str], role: str | None, *, limit: int, cursor: str | None
) -> bytes:
    """Tasks by plan and number, of the edition with the number ``at`` or the present ones.

    ``filters`` may have plan, zone, unit (code, name or alias) and query (a tsquery).
    """
    rank, number, code = pages.decode(cursor, int, int, str) or (None, None, None)
    conditions = [_at(at), *(FILTERS[name].format(column=_column(role)) for name in filters)]
    if role and "unit" not in filters:
        conditions.append(
            "cardinality(c.leads) > 0" if role == "lead" else "cardinality(c.units) > cardinality(c.leads)"
        )
    if cursor:
        conditions.append("(p.rank, c.number, t.code) > (:rank, :number, :code)")
    where = " AND ".join(conditions)
    sql = f"{SHOWN}, p.rank AS _rank {FROM} WHERE {where} ORDER BY p.rank, c.number, t.code LIMIT :limit"
    given: dict[str, Any] = dict(filters)
    if at is not None:
        given["at"] = at
    if cursor:
        given |= {"rank": rank, "number": number, "code": code}
    return await pages.page(db, sql, limit=limit, cursor_columns=("_rank", "number", "code"), **given)


def _column(role: str | None) -> str:
    return {"lead": "leads", "member": "members"}.get(role or "", "units")


def _at(at: int | None) -> str:
    return "c.until IS NULL" if at is None else AT


async def shown(db: Session, code: str, at: int | None) -> bytes | None:
    given = {} if at is None else {"at": at}
    return await db.json_one(f"{SHOWN}{FROM} WHERE t.code = :code AND {_at(at)}", code=code, **given)


async def contents(db: Session, at: int | None, plan: str | None = None) -> dict[str, Task]:
    """The tasks of an edition, or the present ones, by code, in their order: all, or those of a plan."""
    given: dict[str, Any] = {name: value for name, value in (("at", at), ("plan", plan)) if value is not None}
    where = f"{_at(at)} AND {FILTERS['plan']}" if plan else _at(at)
    rows = await db.rows(
        f"""
        SELECT t.code, p.code AS plan, c.number, c.title, c.text, c.due, c.items, c.responsibilities, c.document,
               c.source_start, c.source_end, c.source_text
        {FROM} WHERE {where} ORDER BY p.rank, c.number, t.code
        """,
        **given,
    )
    codes = {str(row["id"]): row["code"] for row in await db.rows("SELECT id, code FROM unit")}
    return {row["code"]: _task(row, codes) for row in rows}


async def special_numbers(db: Session, but: str) -> frozenset[int]:
    """Those of the present tasks of all special plans but one: special plans are numbered throughout."""
    sql = f"SELECT c.number {FROM} WHERE {_at(None)} AND p.kind = 'special' AND p.code <> :but"
    return frozenset(row["number"] for row in await db.rows(sql, but=but))


def _task(row: RowMapping, codes: dict[str, str]) -> Task:
    items = tuple(Item(item["text"], _responsibilities(item["responsibilities"], codes)) for item in row["items"])
    return Task(
        code=row["code"],
        plan=row["plan"],
        number=row["number"],
        title=row["title"],
        text=row["text"],
        items=items,
        responsibilities=_responsibilities(row["responsibilities"], codes),
        due=row["due"],
        source=Source(row["document"], row["source_start"], row["source_end"], row["source_text"]),
    )


def _responsibilities(stored: Sequence[dict[str, Any]], codes: dict[str, str]) -> tuple[Responsibility, ...]:
    ordered = sorted(stored, key=lambda part: part["position"])
    return tuple(Responsibility(codes[part["unit_id"]], part["role"]) for part in ordered)


async def put(db: Session, task: Task, at: int, units: dict[str, UUID]) -> UUID:
    """Makes this the task's present content from the edition ``at`` on; what it was stays readable."""
    row = await db.row(
        """
        INSERT INTO task (code, version) VALUES (:code, 1)
        ON CONFLICT (code) DO UPDATE SET version = task.version + 1, withdrawn = false RETURNING id, version
        """,
        code=task.code,
    )
    assert row is not None  # noqa: S101 - RETURNING
    await _end(db, row["id"], at)
    await db.run(
        """
        INSERT INTO task_content (task_id, since, version, plan_id, number, title, text, due, items, responsibilities,
                                  units, leads, members, document, source_start, source_end, source_text, search)
        VALUES (:id, :at, :version, (SELECT id FROM plan WHERE code = :plan), :number, :title, :text, :due,
                CAST(CAST(:items AS text) AS jsonb), CAST(CAST(:responsibilities AS text) AS jsonb),
                :units, :leads, :members, :document, :start, :end, :source_text,
                CAST(CAST(:search AS text) AS tsvector))
        """,
        at=at,
        **row,
        **_stored(task, units),
    )
    found: UUID = row["id"]
    return found


def _stored(task: Task, units: dict[str, UUID]) -> dict[str, Any]:
    def parts(responsibilities: Sequence[Responsibility]) -> list[dict[str, Any]]:
        return [
            {"unit_id": str(units[part.unit]), "role": part.role, "position": position}
            for position, part in enumerate(responsibilities, 1)
        ]

    def having(*roles: str) -> list[UUID]:
        return [units[part.unit] for part in task.responsibilities if part.role in roles]

    return {
        "plan": task.plan,
        "number": task.number,
        "title": task.title,
        "text": task.text,
        "due": task.due,
        "items": json.dumps([{"text": i.text, "responsibilities": parts(i.responsibilities)} for i in task.items]),
        "responsibilities": json.dumps(parts(task.responsibilities)),
        "units": having("lead", "member"),
        "leads": having("lead"),
        "members": having("member"),
        "document": task.source.document,
        "start": task.source.start,
        "end": task.source.end,
        "source_text": task.source.text,
        "search": rules.vector(task.title, task.text),
    }


async def _end(db: Session, task_id: UUID, at: int) -> None:
    await db.run("UPDATE task_content SET until = :at WHERE task_id = :id AND until IS NULL", id=task_id, at=at)


async def withdraw(db: Session, code: str, at: int) -> UUID:
    """Takes the task out of the catalog from the edition ``at`` on."""
    task_id: UUID = await db.value(
        "UPDATE task SET version = version + 1, withdrawn = true WHERE code = :code RETURNING id", code=code
    )
    await _end(db, task_id, at)
    return task_id


async def raise_versions_of_unit(db: Session, unit_id: UUID) -> list[UUID]:
    """The present tasks that name the unit, each with a new version."""
    rows = await db.rows(
        """
        UPDATE task t SET version = t.version + 1 FROM task_content c
        WHERE c.task_id = t.id AND c.until IS NULL AND c.units @> ARRAY[CAST(:unit_id AS uuid)] RETURNING t.id
        """,
        unit_id=unit_id,
    )
    return [row["id"] for row in rows]


async def raise_versions_of_plan(db: Session, plan: str) -> list[UUID]:
    """The present tasks of the plan, each with a new version."""
    rows = await db.rows(
        """
        UPDATE task t SET version = t.version + 1 FROM task_content c JOIN plan p ON p.id = c.plan_id
        WHERE c.task_id = t.id AND c.until IS NULL AND p.code = :plan RETURNING t.id
        """,
        plan=plan,
    )
    return [row["id"] for row in rows]


async def snapshots(db: Session, ids: Sequence[UUID]) -> Sequence[RowMapping]:
    """What is published of tasks: the latest content of each with the version of the task."""
    return await db.rows(
        f"""
        SELECT t.id, t.version, t.code, c.number, c.title, c.text, {PLAN} AS plan,
               coalesce((SELECT json_agg(json_build_object('unit', {UNIT}, 'role', r.role, 'position', r.position,
                                'zone', coalesce((SELECT z.code FROM zone z WHERE z.city_id = u.id),
                                    CASE WHEN u.kind = 'city' THEN own.code END)) ORDER BY r.position)
                FROM jsonb_to_recordset(c.responsibilities) r(unit_id uuid, role text, position bigint)
                JOIN unit u ON u.id = r.unit_id), '[]') AS responsibilities,
               {ZONES.format(units="c.units")} AS zones, c.due, c.since AS edition
        FROM task t CROSS JOIN LATERAL (
            SELECT * FROM task_content c WHERE c.task_id = t.id ORDER BY c.since DESC LIMIT 1
        ) c JOIN plan p ON p.id = c.plan_id LEFT JOIN zone own ON own.id = p.zone_id
        WHERE t.id = ANY(:ids) ORDER BY p.rank, c.number, t.code
        """,  # noqa: S608
        ids=list(ids),
    )
