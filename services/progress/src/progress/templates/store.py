"""Every SQL statement about templates."""

import json
from typing import Any
from uuid import UUID

from chassis.tenancy import Session
from progress.setting import UNTOUCHED, Setting
from progress.templates.rules import USUAL, Stage

_TABLE = Setting("plan_template", "plan_template", ("plan",), ("stages",))
_SHOWN = """
    SELECT p.code AS plan, p.name AS plan_name, coalesce(t.stages, CAST(:usual AS jsonb)) AS stages,
           coalesce(t.version, :untouched) AS version, t.changed_by, t.changed_at
    FROM plan p LEFT JOIN plan_template t ON t.plan = p.code
"""
_USUAL = json.dumps([vars(stage) for stage in USUAL], ensure_ascii=False)


async def every(db: Session) -> bytes:
    return await db.json(f"{_SHOWN} ORDER BY p.rank, p.code", usual=_USUAL, untouched=UNTOUCHED)


async def of_plan(db: Session, plan: str) -> bytes | None:
    return await db.json_one(f"{_SHOWN} WHERE p.code = :plan", usual=_USUAL, untouched=UNTOUCHED, plan=plan)


async def of_line(db: Session, line_id: UUID) -> list[Stage]:
    """The stages of the plan that the line's task stands in."""
    found = await db.value(
        "SELECT t.stages FROM plan_template t JOIN line l ON l.plan = t.plan WHERE l.id = :id", id=line_id
    )
    return [Stage(**stage) for stage in found] if found else list(USUAL)


async def put(db: Session, plan: str, given: dict[str, Any], if_match: int) -> None:
    await _TABLE.put(db, {"plan": plan}, given, if_match)
