"""Every SQL statement of the copy. A row gives way to a higher version only, so order and repetition do not matter."""

import json
from collections.abc import Sequence
from typing import Any

from chassis.tenancy import Session
from progress.catalog_copy.schemas import Plan, Task, Unit, Zone

LOCK = 7_261_001

_TASK = """
    INSERT INTO task (code, id, number, title, text, plan, responsibilities, zones, due, edition, withdrawn, version)
    VALUES (:code, :id, :number, :title, :text, :plan, CAST(:responsibilities AS jsonb), :zones, :due, :edition,
            :withdrawn, :version)
    ON CONFLICT (code) DO UPDATE SET id = excluded.id, number = excluded.number, title = excluded.title,
        text = excluded.text, plan = excluded.plan, responsibilities = excluded.responsibilities,
        zones = excluded.zones, due = excluded.due, edition = excluded.edition, withdrawn = excluded.withdrawn,
        version = excluded.version
    WHERE task.version < excluded.version
"""


async def lock(db: Session) -> None:
    """Until the transaction ends nobody else changes the copy or opens lines from it."""
    await db.value("SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)


async def forget_versions(db: Session) -> None:
    """Lets every row give way to whatever comes next."""
    for table in ("zone", "unit", "plan", "task"):
        await db.run(f"UPDATE {table} SET version = -1")  # noqa: S608


async def remove_stale(db: Session) -> None:
    """Removes what nothing has come for since ``forget_versions``, apart from what lines hold on to."""
    await db.run("UPDATE task SET withdrawn = true, version = 0 WHERE version = -1")
    await db.run("DELETE FROM zone WHERE version = -1")
    await db.run("DELETE FROM unit WHERE version = -1")
    await db.run(
        """
        DELETE FROM plan WHERE version = -1 AND NOT EXISTS (SELECT FROM task WHERE task.plan = plan.code)
               AND NOT EXISTS (SELECT FROM line WHERE line.plan = plan.code)
        """
    )


async def put_zone(db: Session, zone: Zone, version: int) -> None:
    await db.run(
        """
        INSERT INTO zone (code, id, name, kind, city, closed_on, closed_reason, version)
        VALUES (:code, :id, :name, :kind, :city, :closed_on, :closed_reason, :version)
        ON CONFLICT (code) DO UPDATE SET id = excluded.id, name = excluded.name, kind = excluded.kind,
            city = excluded.city, closed_on = excluded.closed_on, closed_reason = excluded.closed_reason,
            version = excluded.version
        WHERE zone.version < excluded.version
        """,
        **zone.model_dump(exclude={"city"}),
        city=zone.city.code if zone.city else None,
        version=version,
    )


async def put_unit(db: Session, unit: Unit, version: int) -> None:
    await db.run(
        """
        INSERT INTO unit (code, id, name, kind, aliases, version)
        VALUES (:code, :id, :name, :kind, :aliases, :version)
        ON CONFLICT (code) DO UPDATE SET id = excluded.id, name = excluded.name, kind = excluded.kind,
            aliases = excluded.aliases, version = excluded.version
        WHERE unit.version < excluded.version
        """,
        **unit.model_dump(),
        version=version,
    )


async def put_plan(db: Session, plan: Plan, version: int) -> None:
    await db.run(
        """
        INSERT INTO plan (code, id, number, name, kind, version) VALUES (:code, :id, :number, :name, :kind, :version)
        ON CONFLICT (code) DO UPDATE SET id = excluded.id, number = excluded.number, name = excluded.name,
            kind = excluded.kind, version = excluded.version
        WHERE plan.version < excluded.version
        """,
        **plan.model_dump(),
        version=version,
    )


async def put_task(db: Session, task: Task, version: int, *, withdrawn: bool) -> bool:
    """Whether the copy changed. Plan, units and zones that did not come yet are noted from the task."""
    await _note(db, task)
    return bool(
        await db.run(
            _TASK,
            **task.model_dump(exclude={"plan", "responsibilities"}),
            plan=task.plan.code,
            responsibilities=json.dumps([part.model_dump() for part in task.responsibilities], ensure_ascii=False),
            withdrawn=withdrawn,
            version=version,
        )
    )


async def _note(db: Session, task: Task) -> None:
    await db.run(
        """
        INSERT INTO plan (code, number, name, kind, version) VALUES (:code, :number, :name, :kind, 0)
        ON CONFLICT (code) DO UPDATE SET version = 0 WHERE plan.version = -1
        """,
        **task.plan.model_dump(),
    )
    await db.run(
        """
        INSERT INTO unit (code, name, kind, aliases, version)
        SELECT DISTINCT u.code, u.name, u.kind, CAST('{}' AS text[]), 0
        FROM jsonb_to_recordset(CAST(:units AS jsonb)) u(code text, name text, kind text)
        ON CONFLICT (code) DO UPDATE SET version = 0 WHERE unit.version = -1
        """,
        units=json.dumps([part.unit.model_dump() for part in task.responsibilities], ensure_ascii=False),
    )
    await db.run(
        """
        INSERT INTO zone (code, name, kind, version)
        SELECT DISTINCT code, code, 'zone', 0 FROM unnest(CAST(:zones AS text[])) code
        ON CONFLICT (code) DO UPDATE SET version = 0 WHERE zone.version = -1
        """,
        zones=task.zones,
    )


async def task(db: Session, code: str) -> dict[str, Any] | None:
    """A task with its plan's rank."""
    row = await db.row(
        """
        SELECT t.code, t.number, t.title, t.text, t.plan, p.rank, t.responsibilities, t.zones, t.due, t.edition,
               t.withdrawn
        FROM task t JOIN plan p ON p.code = t.plan WHERE t.code = :code
        """,
        code=code,
    )
    return dict(row) if row else None


async def task_codes(db: Session) -> Sequence[str]:
    return [row["code"] for row in await db.rows("SELECT code FROM task ORDER BY code")]


async def codes_of_zone(db: Session, zone: str) -> Sequence[str]:
    """The tasks that name the zone, or have a line there."""
    rows = await db.rows(
        """
        SELECT code FROM task WHERE :zone = ANY(zones)
        UNION SELECT task FROM line WHERE jurisdiction = :zone ORDER BY code
        """,
        zone=zone,
    )
    return [row["code"] for row in rows]


async def closed_zones(db: Session) -> dict[str, str]:
    """By code why each was closed."""
    rows = await db.rows("SELECT code, closed_reason FROM zone WHERE closed_on IS NOT NULL")
    return {row["code"]: row["closed_reason"] for row in rows}


async def unit_names(db: Session, codes: Sequence[str]) -> list[str]:
    """The names of units, in the order of their codes as given."""
    rows = await db.rows(
        """
        SELECT u.name FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY c(code, position)
        JOIN unit u USING (code) ORDER BY position
        """,
        codes=list(codes),
    )
    return [row["name"] for row in rows]
