"""Every SQL statement about cases; their evaluation is in ``sheets``."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.events import uuid7
from chassis.tenancy import RowMapping, Session
from progress.attachments.store import SET
from progress.cases import rules
from progress.cases.rules import Case, State
from progress.closing.store import offered
from progress.lines.rules import Actor

AS_PUBLISHED = 1
"""The number of the set of attachments that is frozen when a case is published."""
TEXTS = ("background", "practice", "effect_before", "effect_after", "preconditions", "credit")
_DATA = """
    c.id, c.zone, coalesce(z.name, c.zone) AS zone_name, c.title, c.state, c.level, c.round, c.submitted_on,
    c.approved_on, c.published_on, c.updated_at, c.version
"""
_SHORT = f"""
    {_DATA}, c.score, {
    offered(
        "c.zone",
        '''coalesce(CAST(:actions AS jsonb) -> concat_ws('/', c.state, CASE
        WHEN :scope = 'all' THEN 'province'
        WHEN :scope = 'tenant' AND c.zone = :tenant THEN 'origin'
        WHEN EXISTS (SELECT FROM case_score s WHERE s.case_id = c.id AND s.round = c.round AND s.evaluator = :office
                                                AND s.scored_at IS NULL) THEN 'evaluator'
        ELSE 'reader' END), '[]')''',
    )
}
"""
_TASKS = """
    coalesce((SELECT json_agg(json_build_object('code', t.code, 'number', t.number, 'title', t.title, 'line_id', l.id)
                              ORDER BY position)
              FROM unnest(c.tasks) WITH ORDINALITY x(code, position) JOIN task t USING (code)
              LEFT JOIN line l ON l.task = t.code AND l.jurisdiction = c.zone AND NOT l.withdrawn), '[]') AS tasks
"""
_FROM = "FROM innovation_case c LEFT JOIN zone z ON z.code = c.zone"
_PUBLIC = "c.id, coalesce(z.name, c.zone) AS zone_name, c.title, c.level, c.published_on, c.effect_after"
FILTERS = {
    "zone": "c.zone = :zone",
    "state": "c.state = :state",
    "level": "c.level = :level",
    "q": "position(lower(:q) IN lower(c.title || ' ' || c.practice)) > 0",
}


def acting(actor: Actor, table: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What statements that tell ``actions`` need to know of the caller."""
    return {
        "actions": json.dumps(table),
        "scope": actor.scope,
        "tenant": actor.tenant or "",
        "office": actor.office,
    }


async def page(db: Session, actor: Actor, filters: Mapping[str, str], *, limit: int, cursor: str | None) -> bytes:
    """Cases that the caller may see, newest first. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, UUID)
    conditions = [FILTERS[name] for name in filters] + (["c.id < :after"] if after else [])
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    sql = f"SELECT {_SHORT} {_FROM} {where} ORDER BY c.id DESC LIMIT :limit"
    given = {**filters, **({"after": after[0]} if after else {}), **acting(actor, rules.table())}
    return await pages.page(db, sql, limit=limit, cursor_columns=("id",), **given)


async def shown(db: Session, actor: Actor, case_id: UUID) -> bytes | None:
    """The case as the API gives it; None for one that the caller may not see."""
    sql = f"""
        SELECT {_SHORT}, c.background, c.practice, c.effect_before, c.effect_after, c.figures, {_TASKS}, c.evidence,
               c.preconditions, c.credit, c.drafted_by, c.remark, c.reason {_FROM} WHERE c.id = :id
    """
    return await db.json_one(sql, id=case_id, **acting(actor, rules.table()))


async def data(db: Session, case_id: UUID) -> dict[str, Any]:
    """The case as events carry it."""
    body = await db.json_one(f"SELECT {_DATA} {_FROM} WHERE c.id = :id", id=case_id)
    assert body is not None  # noqa: S101 - of a case that was just changed
    return dict(json.loads(body))


async def whole(db: Session, case_id: UUID) -> dict[str, Any]:
    """Everything that is stored of it, for the audit trail."""
    return dict(await db.row("SELECT * FROM innovation_case WHERE id = :id", id=case_id) or {})


async def get(db: Session, actor: Actor, case_id: UUID) -> Case | None:
    row = await db.row(
        """
        SELECT c.*, (SELECT s.scored_at IS NOT NULL FROM case_score s
                     WHERE s.case_id = c.id AND s.round = c.round AND s.evaluator = :office) AS scored
        FROM innovation_case c WHERE c.id = :id
        """,
        id=case_id,
        office=actor.office,
    )
    return _case(row) if row else None


def _case(row: RowMapping) -> Case:
    plain = {name: row[name] for name in ("id", "zone", "title", "round", "version", "scored")}
    return Case(**plain, state=State(row["state"]), texts={name: row[name] for name in TEXTS})


async def lock(db: Session, actor: Actor, case_id: UUID) -> Case | None:
    """The case as it is now, unchanged by others until the transaction ends; None when the caller may not change it.

    An evaluator holds its own sheet alone: who concludes the round waits for it.
    """
    held = (
        "SELECT true FROM case_score WHERE case_id = :id AND evaluator = :office AND scored_at IS NULL FOR UPDATE"
        if actor.scope == "unit"
        else "SELECT true FROM innovation_case WHERE id = :id AND CAST(:office AS text) <> '' FOR UPDATE"
    )
    if not await db.value(held, id=case_id, office=actor.office):
        return None
    return await get(db, actor, case_id)


async def unknown_tasks(db: Session, codes: Sequence[str]) -> list[str]:
    """Those of the codes that no task has now."""
    rows = await db.rows(
        """
        SELECT code FROM unnest(CAST(:codes AS text[])) code
        WHERE NOT EXISTS (SELECT FROM task t WHERE t.code = code.code AND NOT t.withdrawn)
        """,
        codes=list(codes),
    )
    return [row["code"] for row in rows]


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    jsons = {name: json.dumps(given[name], ensure_ascii=False) for name in ("figures", "evidence")}
    return {name: given[name] for name in ("title", *TEXTS)} | jsons | {"tasks": list(dict.fromkeys(given["tasks"]))}


async def add(db: Session, zone: str, given: Mapping[str, Any], name: str) -> UUID:
    case_id = uuid7()
    await db.run(
        """
        INSERT INTO innovation_case (id, zone, title, background, practice, effect_before, effect_after, figures, tasks,
                                     evidence, preconditions, credit, drafted_by)
        VALUES (:id, :zone, :title, :background, :practice, :effect_before, :effect_after, CAST(:figures AS jsonb),
                :tasks, CAST(:evidence AS jsonb), :preconditions, :credit, :name)
        """,
        id=case_id,
        zone=zone,
        name=name,
        **_columns(given),
    )
    return case_id


async def rewrite(db: Session, case_id: UUID, given: Mapping[str, Any]) -> None:
    await db.run(
        """
        UPDATE innovation_case
        SET title = :title, background = :background, practice = :practice, effect_before = :effect_before,
            effect_after = :effect_after, figures = CAST(:figures AS jsonb), tasks = :tasks,
            evidence = CAST(:evidence AS jsonb), preconditions = :preconditions, credit = :credit,
            version = version + 1, updated_at = clock_timestamp()
        WHERE id = :id
        """,
        id=case_id,
        **_columns(given),
    )


async def takers(db: Session, case_id: UUID) -> list[str]:
    """The zones that have answered: they may read the case when it is public no more."""
    rows = await db.rows(
        "SELECT zone FROM replication WHERE case_id = :id AND state <> 'unanswered' ORDER BY zone", id=case_id
    )
    return [row["zone"] for row in rows]


async def concerned(db: Session, case_id: UUID) -> list[dict[str, str]]:
    """The zones that take it over, did, or were asked to and have not answered: by code, name and replication."""
    rows = await db.rows(
        """
        SELECT z.code, z.name, coalesce(r.state, 'unanswered') AS replication
        FROM innovation_case c JOIN zone z ON z.code <> c.zone AND z.closed_on IS NULL
        LEFT JOIN replication r ON r.case_id = c.id AND r.zone = z.code
        WHERE c.id = :id AND CASE WHEN r.id IS NULL THEN c.level <> 'zone' ELSE r.state <> 'declined' END
        ORDER BY z.id NULLS LAST, z.code
        """,
        id=case_id,
    )
    return [dict(row) for row in rows]


async def move(db: Session, case_id: UUID, state: State, **also: Any) -> None:
    """Brings the case to a state; ``also`` are columns that change with it."""
    sets = "".join(f"{column} = :{column}, " for column in also)
    await db.run(
        f"""
        UPDATE innovation_case SET state = :state, {sets} version = version + 1, updated_at = clock_timestamp()
        WHERE id = :id
        """,  # noqa: S608
        id=case_id,
        state=state,
        **also,
    )


async def other_zones(db: Session, zone: str) -> list[dict[str, str]]:
    """All open zones but one, by code and name."""
    rows = await db.rows(
        "SELECT code, name FROM zone WHERE code <> :zone AND closed_on IS NULL ORDER BY id NULLS LAST, code", zone=zone
    )
    return [dict(row) for row in rows]


async def public_page(db: Session, *, limit: int, cursor: str | None) -> bytes:
    """Published cases, newest first."""
    after = pages.decode(cursor, UUID)
    where = "c.state = 'published'" + (" AND c.id < :after" if after else "")
    sql = f"SELECT {_PUBLIC} {_FROM} WHERE {where} ORDER BY c.id DESC LIMIT :limit"
    given = {"after": after[0]} if after else {}
    return await pages.page(db, sql, limit=limit, cursor_columns=("id",), **given)


async def public(db: Session, case_id: UUID) -> bytes | None:
    sql = f"""
        SELECT {_PUBLIC}, c.background, c.practice, c.effect_before, c.figures, c.preconditions, c.credit,
               {SET.format(thing="c.id", number=AS_PUBLISHED)} AS attachments
        {_FROM} WHERE c.id = :id AND c.state = 'published'
    """
    return await db.json_one(sql, id=case_id)
