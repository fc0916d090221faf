"""How filings are shown: lists and one with all that belongs to it, built as JSON in PostgreSQL."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import Session
from progress.attachments.store import SET
from progress.filings import rules
from progress.filings.store import FIRST, LAST, PARTS
from progress.lines.rules import Actor
from progress.periods.store import OFFICE_NAME

_QUERIED = "EXISTS (SELECT FROM filing_query q WHERE q.filing_id = f.id AND q.status = 'open')"
_SHOWN = f"""
    SELECT f.id, f.period_id, f.line_id, f.office, f.state, f.remarks, f.received_on, f.on_time, f.approved, f.version,
           CASE WHEN may.draft THEN coalesce(v.percent, l.percent) ELSE f.percent END AS percent,
           CASE WHEN may.draft THEN coalesce(v.done, '') ELSE f.done END AS done,
           CASE WHEN may.draft THEN coalesce(v.problems, '') ELSE f.problems END AS problems,
           CASE WHEN may.draft THEN coalesce(v.next_steps, '') ELSE f.next_steps END AS next_steps,
           CASE WHEN may.draft THEN coalesce(v.finished, false) ELSE f.finished END AS finished,
           f.unchanged AND NOT may.draft AS unchanged,
    json_build_object('id', p.id, 'title', p.title, 'kind', p.kind, 'due', p.due, 'grace', p.grace, 'locks', p.locks)
        AS period,
    json_build_object('id', l.id, 'jurisdiction', l.jurisdiction, 'jurisdiction_name', coalesce(z.name, '省级'),
        'task', json_build_object('code', t.code, 'number', t.number, 'title', t.title, 'plan',
            json_build_object('code', n.code, 'name', n.name, 'number', n.number, 'kind', n.kind)),
        'percent', l.percent, 'due', l.due) AS line,
    {OFFICE_NAME.format("f.office")} AS office_name, f.saved_by, f.saved_at, f.reopened_until, may.hold,
    (SELECT count(*) FROM filing_query q WHERE q.filing_id = f.id AND q.status = 'open') AS unanswered,
    v.confidence, v.disagrees, coalesce(may.rights -> concat_ws('/', may.capacity, f.state, may.hold,
        CASE WHEN {_QUERIED} THEN 'queried' END), '[]') AS actions
"""  # noqa: S608
_JOINED = """
    JOIN period p ON p.id = f.period_id JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task
    JOIN plan n ON n.code = l.plan LEFT JOIN zone z ON z.code = l.jurisdiction
    LEFT JOIN filing_version v ON v.filing_id = f.id AND v.number = f.approved
    CROSS JOIN LATERAL (SELECT f.state IN ('open', 'returned', 'submitted')
            AND NOT (:scope IN ('tenant', 'unit') AND f.office = :office) AS draft,
        CAST(:actions AS jsonb) AS rights, CASE
        WHEN :scope = 'all' THEN 'province'
        WHEN :scope IN ('tenant', 'unit') AND f.office = :office
            THEN CASE WHEN CAST(:admin AS boolean) THEN 'checker' ELSE 'writer' END
        WHEN :scope = 'unit' AND :unit = ANY(l.units) THEN 'member'
        ELSE 'reader' END AS capacity, CASE
        WHEN l.withdrawn THEN 'withdrawn' WHEN l.state = 'suspended' THEN 'suspended'
        WHEN CAST(:today AS date) <= greatest(p.locks, f.reopened_until) THEN 'none'
        WHEN p.takeover AND f.approved = 0 THEN 'past' ELSE 'locked' END AS hold) may
"""
_WAITING = """
    may.hold = 'none' AND CASE
        WHEN may.capacity = 'province' THEN f.state IN ('checked', 'accepted')
        WHEN may.capacity = 'checker' THEN f.state IN ('open', 'returned', 'submitted')
        ELSE may.capacity = 'writer' AND f.state IN ('open', 'returned') END
"""
FILTERS: Mapping[str, str] = {
    "period": "f.period_id = :period",
    "line": "f.line_id = :line",
    "jurisdiction": "f.jurisdiction = :jurisdiction",
    "plan": "f.plan = :plan",
    "office": "f.office = :by",
    "state": "f.state = :state",
    "disagrees": "coalesce(v.disagrees, false) = :disagrees",
    "queried": f"{_QUERIED} = :queried",
    "waiting": f"({_WAITING}) = :waiting",
}
_OF_MORE = {"disagrees", "waiting"}
"""Filters that look at more than the filing: the others choose the page before anything is joined."""
_NARROWED = {
    "all": "f.state IN ('checked', 'accepted')",
    "tenant": "f.office = :office AND f.state <> 'approved'",
    "unit": "f.office = :office AND f.state <> 'approved'",
}
"""By the caller's scope what ``waiting`` can be at all, as an index has it."""
_LAST = LAST.format(line_id="f.line_id", id="f.id")
_DETAILS = f"""
    , (SELECT row_to_json(x) FROM ({_LAST}) x) AS last,
    coalesce((SELECT json_agg(json_build_object('title', m.title, 'done_on', m.done_on) ORDER BY m.done_on, m.position)
        FROM milestone m CROSS JOIN LATERAL (SELECT
            coalesce(m.recorded_at, CAST(m.done_on + 1 AS timestamp) AT TIME ZONE 'Asia/Shanghai') AS at) recorded
        WHERE m.line_id = f.line_id AND m.done_on IS NOT NULL AND recorded.at < {FIRST.format(id="f.id")}
            AND recorded.at > coalesce((SELECT x.decided_at FROM ({_LAST}) x), '-infinity')), '[]') AS reached,
    ({PARTS.format(id="f.id")}) AS parts,
    coalesce((SELECT json_agg(q ORDER BY q.opened_at) FROM (SELECT id, kind, status, question, opened_at, answer,
        answered_by, answered_at FROM filing_query WHERE filing_id = f.id) q), '[]') AS queries,
    coalesce((SELECT json_agg(x ORDER BY x.number) FROM (SELECT number, percent, done, problems, next_steps, finished,
        expected_percent, confidence, disagrees, remark, reason, taken_over, approved_by, approved_at, parts,
        {SET.format(thing="f.id", number="w.number")} AS attachments
        FROM filing_version w WHERE filing_id = f.id) x), '[]') AS versions,
    coalesce((SELECT json_agg(x ORDER BY x.at) FROM (SELECT at, action, actor, office, remark, remarks, until
        FROM filing_step WHERE filing_id = f.id ORDER BY position) x), '[]') AS steps
"""  # noqa: S608


_ACTIONS = json.dumps(rules.table())


def _acting(actor: Actor, admin: bool, today: date) -> dict[str, Any]:
    return {
        "actions": _ACTIONS,
        "scope": actor.scope,
        "unit": actor.unit or "",
        "office": actor.office,
        "admin": admin,
        "today": today,
    }


async def page(
    db: Session,
    actor: Actor,
    admin: bool,
    today: date,
    filters: Mapping[str, object],
    *,
    limit: int,
    cursor: str | None,
) -> bytes:
    """Filings by period, plan and task. ``filters`` by the names in ``FILTERS``."""
    after = pages.decode(cursor, UUID)
    conditions = [FILTERS[name] for name in filters]
    if filters.get("waiting") is True:
        conditions.append(_NARROWED.get(actor.scope, "false"))
    given: dict[str, object] = {"by" if name == "office" else name: value for name, value in filters.items()}
    if after:
        conditions.append("f.id > :after")
        given["after"] = after[0]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = f"{where} ORDER BY f.id LIMIT :limit"
    if _OF_MORE.isdisjoint(filters):
        sql = f"{_SHOWN} FROM (SELECT * FROM filing f {chosen}) f {_JOINED} ORDER BY f.id"  # noqa: S608
    else:
        sql = f"{_SHOWN} FROM filing f {_JOINED} {chosen}"
    return await pages.page(db, sql, limit=limit, cursor_columns=("id",), **_acting(actor, admin, today), **given)


async def shown(db: Session, actor: Actor, admin: bool, today: date, filing_id: UUID) -> dict[str, Any] | None:
    """The filing as the API gives it, but for its differences; None for one that the caller may not see."""
    sql = f"{_SHOWN} {_DETAILS} FROM filing f {_JOINED} WHERE f.id = :id"
    body = await db.json_one(sql, id=filing_id, **_acting(actor, admin, today))
    return json.loads(body) if body else None
