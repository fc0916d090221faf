"""The SQL of what differs between two instants: what a line's last entry before each of them left."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from chassis import pages
from chassis.tenancy import Session
from progress.pagination import bigint, code
from progress.past.rules import What

_STOOD = """
    LEFT JOIN LATERAL (
        SELECT CASE WHEN stood -> 'withdrawn' = 'false' THEN stood - 'withdrawn' END AS stood FROM line_history
        WHERE line_id = l.id AND at < :{instant} ORDER BY at DESC, position DESC LIMIT 1) {name} ON true
"""
_NOW, _THEN = _STOOD.format(instant="finish", name="now"), _STOOD.format(instant="begin", name="was")
_DIFFERENT = f"""
    SELECT l.*, was.stood AS was, now.stood AS now, whats FROM line l
    {_THEN} {_NOW}
    CROSS JOIN LATERAL (SELECT CASE
        WHEN was.stood IS NULL AND now.stood IS NULL THEN CAST('{{}}' AS text[])
        WHEN was.stood IS NULL THEN ARRAY['came'] WHEN now.stood IS NULL THEN ARRAY['went']
        ELSE ARRAY(SELECT what FROM unnest(CAST(:whats AS text[])) WITH ORDINALITY w(what, place)
                   WHERE was.stood -> what <> now.stood -> what ORDER BY place) END AS whats) found
    WHERE whats <> '{{}}'
"""  # noqa: S608
FILTERS = {
    "jurisdiction": "l.jurisdiction = :jurisdiction",
    "plan": ":plan IN (was.stood ->> 'plan', now.stood ->> 'plan')",
    "unit": "to_jsonb(CAST(:unit AS text)) <@ ANY(ARRAY[was.stood -> 'units', now.stood -> 'units'])",
    "what": ":what = ANY(whats)",
}
_ORDER = "l.plan_rank, l.task_number, l.jurisdiction, l.id"
_TOUCHES = """
    CASE w.what WHEN 'came' THEN h.what IN ('opened', 'reopened') WHEN 'went' THEN h.what = 'withdrawn'
         ELSE h.changes @> jsonb_build_array(jsonb_build_object('field', w.what)) END
"""
_NAMES = """
    (SELECT coalesce(jsonb_agg(coalesce(u.name, c.code) ORDER BY place), '[]')
     FROM jsonb_array_elements_text(l.{stood} -> '{field}') WITH ORDINALITY c(code, place)
     LEFT JOIN unit u USING (code))
"""
_SAID = """
    l.{stood} || CASE WHEN l.{stood} IS NOT NULL THEN jsonb_build_object(
        'plan', (SELECT name FROM plan WHERE code = l.{stood} ->> 'plan'), 'units', {units}, 'leads', {leads}) END
"""
_BEFORE, _AFTER = (
    _SAID.format(
        stood=stood,
        units=_NAMES.format(stood=stood, field="units"),
        leads=_NAMES.format(stood=stood, field="leads"),
    )
    for stood in ("was", "now")
)


def _within(begin: datetime, finish: datetime, filters: Mapping[str, str]) -> tuple[str, dict[str, object]]:
    """The lines that differ and fit, and the parameters that they need."""
    conditions = "".join(f" AND {FILTERS[name]}" for name in filters)
    return _DIFFERENT + conditions, {"begin": begin, "finish": finish, "whats": list(What), **filters}


async def page(
    db: Session, begin: datetime, finish: datetime, filters: Mapping[str, str], *, limit: int, cursor: str | None
) -> bytes:
    """The lines that differ, by plan, task and jurisdiction, each change with the entry that made it last."""
    different, given = _within(begin, finish, filters)
    after = pages.decode(cursor, bigint, bigint, code, UUID)
    if after:
        different += f" AND ({_ORDER}) > (:rank, :number, :after, :id)"
        given |= dict(zip(("rank", "number", "after", "id"), after, strict=True))
    return await pages.page(
        db,
        f"""
        WITH l AS ({different} ORDER BY {_ORDER} LIMIT :limit)
        SELECT l.id, l.jurisdiction, coalesce(z.name, '省级') AS jurisdiction_name,
               json_build_object('code', t.code, 'number', t.number, 'title', t.title, 'plan', json_build_object(
                   'code', p.code, 'name', p.name, 'number', p.number, 'kind', p.kind)) AS task,
               {_BEFORE} AS before, {_AFTER} AS after,
               (SELECT json_agg(json_build_object(
                           'what', w.what, 'times', greatest(e.times, 1), 'at', e.at, 'entry', e.entry,
                           'actor', e.actor, 'office', e.office, 'office_name', (
                               SELECT name FROM unit WHERE concat('unit:', code) = e.office
                               UNION ALL SELECT name FROM zone WHERE concat('zone:', code) = e.office),
                           'reason', e.reason) ORDER BY w.place)
                FROM unnest(l.whats) WITH ORDINALITY w(what, place) CROSS JOIN LATERAL (
                    SELECT h.at, h.what AS entry, h.actor, h.office,
                           count(*) FILTER (WHERE {_TOUCHES}) OVER () AS times,
                           CASE WHEN h.what = 'extension_approved' THEN concat_ws('；', (
                               SELECT cause FROM extension x WHERE x.line_id = l.id AND x.decided_at <= h.at
                               ORDER BY x.decided_at DESC LIMIT 1), h.reason) ELSE h.reason END AS reason
                    FROM line_history h WHERE h.line_id = l.id AND h.at >= :begin AND h.at < :finish
                    ORDER BY {_TOUCHES} DESC, h.position DESC LIMIT 1) e) AS changes,
               l.plan_rank AS _rank, l.task_number AS _number
        FROM l JOIN task t ON t.code = l.task JOIN plan p ON p.code = l.plan LEFT JOIN zone z ON z.code = l.jurisdiction
        ORDER BY {_ORDER}
        """,  # noqa: S608
        limit=limit,
        cursor_columns=("_rank", "_number", "jurisdiction", "id"),
        **given,
    )


async def summary(db: Session, begin: datetime, finish: datetime, filters: Mapping[str, str]) -> bytes:
    """How many lines differ in what, and from which state and light to which."""
    different, given = _within(begin, finish, filters)
    body = await db.json_one(
        f"""
        WITH d AS MATERIALIZED ({different})
        SELECT (SELECT count(*) FROM d) AS lines,
               (SELECT json_object_agg(what, (SELECT count(*) FROM d WHERE what = ANY(d.whats)))
                FROM unnest(CAST(:whats AS text[])) what) AS by_what,
               (SELECT coalesce(json_agg(t ORDER BY field, lines DESC, before, after), '[]') FROM (
                    SELECT field, was ->> field AS before, now ->> field AS after, count(*) AS lines
                    FROM d CROSS JOIN unnest(ARRAY['light', 'state']) field WHERE field = ANY(whats)
                    GROUP BY 1, 2, 3) t) AS turns
        """,  # noqa: S608
        **given,
    )
    return body or b"{}"
