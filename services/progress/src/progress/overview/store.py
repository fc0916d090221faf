"""The SQL of the overview: it reads the cells that triggers keep, or those of a past day, and never the lines;
open problems are few.
"""

from datetime import date
from urllib.parse import urlencode

from chassis.tenancy import Session
from progress.closing.store import CLOSED_ZONES
from progress.lines.rules import Actor
from progress.offices import NAME
from progress.past.store import CELLS_ON
from progress.periods.store import REPORTING_OFFICE

LINES = "/api/progress/v1/lines"
PROBLEMS = "/api/progress/v1/problems?open=true"
CHANGES = "/api/progress/v1/changes"

_OPEN_PROBLEMS = f"problem WHERE ended_on IS NULL AND jurisdiction <> ALL(ARRAY({CLOSED_ZONES}))"
_FIGURES = """
    'lines', coalesce(sum(c.lines), 0),
    'by_state', json_build_object(
        'not_started', coalesce(sum(c.not_started), 0), 'in_progress', coalesce(sum(c.in_progress), 0),
        'submitted', coalesce(sum(c.submitted), 0), 'confirmed', coalesce(sum(c.confirmed), 0),
        'suspended', coalesce(sum(c.suspended), 0)),
    'by_light', json_build_object('green', coalesce(sum(c.green), 0), 'yellow', coalesce(sum(c.yellow), 0),
                                  'red', coalesce(sum(c.red), 0), 'blue', coalesce(sum(c.blue), 0)),
    'mean_percent', coalesce(round(sum(c.percent_sum) / nullif(sum(c.lines), 0), 1), 0),
    'overdue', coalesce(sum(c.red), 0),
    'last_change', max(c.last_change)
"""


async def shown(db: Session, actor: Actor, on: date | None, today: date) -> bytes:
    """The overview of what the caller may see; a unit's own lines for a department. ``on`` is a day that is closed: of
    it the overview has what had lines then, and leads to what changed since.
    """
    about = urlencode({name: value for name, value in (("since", on), ("unit", unit_of(actor))) if value})
    body = await db.json_one(
        f"""
        WITH c AS MATERIALIZED ({_cells(on)}),
        j AS MATERIALIZED (
            SELECT row_number() OVER (ORDER BY kind <> 'province', id NULLS LAST, code) AS place, code, name FROM (
                SELECT 'province' AS code, '省级' AS name, 'province' AS kind, CAST(NULL AS uuid) AS id, true AS open
                UNION ALL SELECT code, name, kind, id, closed_on IS NULL FROM zone) everywhere
            WHERE (CAST(:whole AS boolean) AND open) OR (:scope = 'tenant' AND code = :tenant)
               OR code IN (SELECT jurisdiction FROM c WHERE lines > 0)),
        p AS (SELECT * FROM plan WHERE :whole OR code IN (SELECT plan FROM c WHERE lines > 0))
        SELECT CAST(:on AS date) AS "on", (SELECT min(day) FROM closed_day) AS first_day,
               EXISTS (SELECT FROM closed_day WHERE day = :on AND reconstructed) AS reconstructed,
               (SELECT max(last_change) FROM c) AS as_of,
               (SELECT json_build_object({_FIGURES}, 'href', CAST(:lines AS text) || CAST(:filter AS text)) FROM c)
                   AS totals,
               (SELECT json_build_object('open', count(*), 'href', CAST(:problems AS text), 'overdue',
                                         count(*) FILTER (WHERE state = 'open' AND answer_due < :today))
                FROM {_OPEN_PROBLEMS}) AS problems,
               (SELECT coalesce(json_agg(json_build_object('code', code, 'name', name) ORDER BY place), '[]') FROM j)
                   AS jurisdictions,
               (SELECT coalesce(json_agg(json_build_object(
                           'code', p.code, 'number', p.number, 'name', p.name, 'kind', p.kind, 'cells', cells.cells
                       ) ORDER BY p.rank, p.code), '[]')
                FROM p CROSS JOIN LATERAL (
                    SELECT coalesce(json_agg(cell ORDER BY place), '[]') AS cells FROM (
                        SELECT j.place, json_build_object('jurisdiction', j.code, {_FIGURES}, 'href', concat(
                            CAST(:lines AS text), '?jurisdiction=', j.code, '&plan=', p.code,
                            replace(CAST(:filter AS text), '?', '&'))) AS cell
                        FROM j LEFT JOIN c ON c.jurisdiction = j.code AND c.plan = p.code
                        GROUP BY j.place, j.code) built) cells) AS plans
        """,  # noqa: S608
        on=on,
        whole=actor.scope in ("all", "audit") and on is None,
        scope=actor.scope,
        tenant=actor.tenant or "",
        problems=PROBLEMS,
        today=today,
        unit=unit_of(actor),
        lines=CHANGES if on else LINES,
        filter=f"?{about}" if about else "",
    )
    return body or b"{}"


async def tag(db: Session, actor: Actor, on: date | None, today: date) -> str:
    """Changes with whatever ``shown`` shows, and costs a fraction of it."""
    found: str = await db.value(
        f"""
        SELECT md5(concat_ws('/', CAST(:about AS text), (SELECT min(day) FROM closed_day),
            (SELECT reconstructed FROM closed_day WHERE day = CAST(:on AS date)),
            (SELECT sum(hash_record_extended(c, 0)) FROM ({_cells(on)}) c),
            (SELECT sum(hash_record_extended(z, 0)) FROM zone z),
            (SELECT sum(hash_record_extended(p, 0)) FROM plan p),
            (SELECT concat_ws('/', count(*), count(*) FILTER (WHERE state = 'open' AND answer_due < :today))
             FROM {_OPEN_PROBLEMS})))
        """,  # noqa: S608
        about=f"{actor.scope}/{actor.tenant}/{actor.unit}/{on}",
        on=on,
        today=today,
        unit=unit_of(actor),
    )
    return found


def _cells(on: date | None) -> str:
    return CELLS_ON if on else "SELECT * FROM overview_cell WHERE unit = :unit"


async def of_offices(db: Session, today: date) -> bytes:
    """By office, the one with most first, what is overdue or not filed of what the caller may see."""
    return await db.json(
        f"""
        SELECT office, {NAME.format("office")} AS office_name, CAST(sum(lines) AS bigint) AS lines,
               CAST(sum(orders) AS bigint) AS orders, CAST(sum(filings) AS bigint) AS filings
        FROM (
            SELECT {REPORTING_OFFICE} AS office, count(*) AS lines, 0 AS orders, 0 AS filings
            FROM line l WHERE NOT l.withdrawn AND l.light = 'red' AND l.units <> '{{}}' GROUP BY 1
            UNION ALL
            SELECT lead, 0, count(*), 0 FROM orders
            WHERE ended_on IS NULL AND state IN ('issued', 'in_hand') AND deadline < :today
              AND jurisdiction <> ALL(ARRAY({CLOSED_ZONES})) GROUP BY lead
            UNION ALL
            SELECT c.office, 0, 0, sum(c.expected - c.received) FROM period p JOIN period_cell c ON c.period_id = p.id
            WHERE p.locks >= :today GROUP BY c.office
        ) counted
        GROUP BY office HAVING sum(lines) + sum(orders) + sum(filings) > 0
        ORDER BY sum(lines) + sum(orders) + sum(filings) DESC, office
        """,  # noqa: S608
        today=today,
    )


def unit_of(actor: Actor) -> str:
    """The unit whose cells the caller reads; none for cells of all lines."""
    return (actor.unit or "") if actor.scope == "unit" else ""
