"""Every SQL statement about what reads the approved versions of filings: found where it is stored by what reads."""

from typing import Any
from uuid import UUID

from chassis.tenancy import Session

_DAY = "CAST({} AT TIME ZONE 'Asia/Shanghai' AS date)"
_LINE = """
    SELECT w.number, 'line' AS kind, l.id, t.title, NULL AS status, CAST('[]' AS jsonb) AS items,
           CAST(NULL AS date) AS since, CAST(NULL AS date) AS until, l.percent, true AS follows
    FROM w JOIN line l ON l.id = w.line_id JOIN task t ON t.code = l.task
    WHERE w.number = w.approved AND w.report_id = (
        SELECT id FROM report WHERE line_id = l.id AND status = 'confirmed' ORDER BY number DESC LIMIT 1)
"""
_PERIOD = """
    SELECT w.number, 'period', p.id, p.title, NULL, '[]', NULL, NULL, w.percent, true
    FROM w JOIN period p ON p.id = w.period_id WHERE w.number = w.approved
"""
_DAYS = f"""
    SELECT w.number, 'days', w.line_id, '', NULL, '[]', min(d.day), max(d.day), w.percent, false
    FROM w JOIN report r ON r.id = w.report_id CROSS JOIN LATERAL (
        SELECT min(decided_at) AS at FROM report
        WHERE line_id = r.line_id AND status = 'confirmed' AND number > r.number) next
    JOIN closed_day d ON d.day >= {_DAY.format("r.decided_at")}
                         AND (next.at IS NULL OR d.day < {_DAY.format("next.at")})
    GROUP BY w.number, w.line_id, w.percent
"""  # noqa: S608
_BULLETINS = """
    SELECT w.number, 'bulletin', b.id, concat('〔' || b.year || '〕' || b.number || '号 ', b.title), b.status, '[]',
           NULL, NULL, CAST(f.fact ->> 'percent' AS bigint), false
    FROM w JOIN bulletin_fact f ON f.line_id = w.line_id AND CASE
        WHEN f.fact #>> '{filing,id}' IS NULL THEN f.fact #>> '{report,id}' = CAST(w.report_id AS text)
        ELSE f.fact #>> '{filing,id}' = CAST(w.filing_id AS text)
             AND f.fact #>> '{filing,number}' = CAST(w.number AS text) END
    JOIN bulletin b ON b.id = f.bulletin_id WHERE b.status <> 'cancelled'
"""
_TAKEN = "coalesce(r.taken_at, (a.published_on + 1) AT TIME ZONE 'Asia/Shanghai')"
_ASSESSMENTS = f"""
    SELECT w.number, 'assessment', a.id, a.title, a.status,
           jsonb_agg(DISTINCT i ->> 'title'), NULL, NULL, CAST(NULL AS bigint), false
    FROM w JOIN assessment_result r ON r.office = w.office JOIN assessment a ON a.id = r.assessment_id
    JOIN LATERAL jsonb_array_elements(a.items) i ON i ->> 'code' = r.item
    WHERE a.status IN ('published', 'final') AND w.approved_at < {_TAKEN} AND (
        r.facts @> jsonb_build_array(jsonb_build_object('id', w.filing_id)) AND NOT EXISTS (
            SELECT FROM w later WHERE later.number > w.number AND later.approved_at < {_TAKEN})
        OR r.facts @> jsonb_build_array(jsonb_build_object('id', w.line_id)) AND w.report_id = (
            SELECT id FROM report WHERE line_id = w.line_id AND status = 'confirmed' AND decided_at < {_TAKEN}
            ORDER BY number DESC LIMIT 1))
    GROUP BY w.number, a.id, a.title, a.status
"""  # noqa: S608
"""Items are scored by filings, or by lines as they stood when the results were taken."""
_USES = f"""
    WITH w AS (
        SELECT v.number, v.filing_id, v.percent, v.report_id, v.approved_at, f.line_id, f.period_id, f.office,
               f.approved
        FROM filing_version v JOIN filing f ON f.id = v.filing_id WHERE v.filing_id = :id)
    SELECT * FROM ({_LINE} UNION ALL {_PERIOD} UNION ALL {_DAYS} UNION ALL {_BULLETINS} UNION ALL {_ASSESSMENTS}) u
    ORDER BY array_position(ARRAY['line', 'period', 'days', 'bulletin', 'assessment'], kind), id DESC
"""  # noqa: S608


async def uses(db: Session, filing_id: UUID) -> dict[int, list[dict[str, Any]]]:
    """What reads the versions of a filing, by their numbers, as far as the caller may see it."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in await db.rows(_USES, id=filing_id):
        use = dict(row)
        found.setdefault(use.pop("number"), []).append(use)
    return found
