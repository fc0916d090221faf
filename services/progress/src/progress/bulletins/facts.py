"""Facts of bulletins: how lines stood at the end of a day, from their stories."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import RowMapping

from chassis.clock import SHANGHAI
from chassis.tenancy import Session
from progress.bulletins.drafting import Confirmed, Fact
from progress.lines.rules import Light, State

_STOOD = """
    (SELECT jsonb_object_agg(field, value) FROM (
        SELECT DISTINCT ON (c ->> 'field') c ->> 'field' AS field, c -> '{side}' AS value
        FROM line_history h CROSS JOIN LATERAL jsonb_array_elements(h.changes) c
        WHERE h.line_id = l.id AND h.at {when} :ends AND c ->> 'field' IN ('state', 'percent', 'light', 'due')
        ORDER BY c ->> 'field', h.position {order}) told)
"""
_NAMES = """
    ARRAY(SELECT u.name FROM unnest(l.units) WITH ORDINALITY x(code, position) JOIN unit u USING (code)
          WHERE {leads} u.code = ANY(l.leads) ORDER BY position)
"""
_AS_OF = f"""
    SELECT l.id AS line_id, l.jurisdiction, coalesce(z.name, '省级') AS place, p.name AS plan, t.number, t.title,
           jsonb_build_object('state', l.state, 'percent', l.percent, 'light', l.light, 'due', l.due)
               || coalesce({_STOOD.format(side="before", when=">=", order="")}, '{{}}')
               || coalesce({_STOOD.format(side="after", when="<", order="DESC")}, '{{}}') AS stood,
           {_NAMES.format(leads="")} AS leads, {_NAMES.format(leads="NOT")} AS members,
           to_jsonb(r) AS report
    FROM line l JOIN task t ON t.code = l.task JOIN plan p ON p.code = l.plan
         LEFT JOIN zone z ON z.code = l.jurisdiction
         LEFT JOIN LATERAL (
             SELECT id, number, version, done, finished, submitted_by, decided_by, decided_at FROM report
             WHERE line_id = l.id AND status = 'confirmed' AND decided_at < :ends ORDER BY number DESC LIMIT 1
         ) r ON true
    WHERE NOT l.withdrawn AND l.opened_on <= :until
      AND (cardinality(CAST(:plans AS text[])) = 0 OR l.plan = ANY(:plans))
      AND (cardinality(CAST(:zones AS text[])) = 0 OR l.jurisdiction = ANY(:zones))
    ORDER BY l.plan_rank, l.task_number, l.jurisdiction, l.id
"""  # noqa: S608


async def as_of(db: Session, until: date, plans: Sequence[str], zones: Sequence[str]) -> list[Fact]:
    """The lines as they stood at the end of ``until`` in Asia/Shanghai; no plans or zones means all."""
    ends = datetime.combine(until + timedelta(1), time(), SHANGHAI)
    rows = await db.rows(_AS_OF, ends=ends, until=until, plans=list(plans), zones=list(zones))
    return [_fact(row) for row in rows]


def _fact(row: RowMapping) -> Fact:
    given: dict[str, Any] = dict(row)
    stood, report = given.pop("stood"), given.pop("report")
    due = stood["due"]
    return Fact(
        **{**given, "leads": tuple(given["leads"]), "members": tuple(given["members"])},
        state=State(stood["state"]),
        percent=int(stood["percent"]),
        light=Light(stood["light"]),
        due=date.fromisoformat(due) if due else None,
        report=_report(report) if report else None,
    )


def _report(given: dict[str, Any]) -> Confirmed:
    at = datetime.fromisoformat(given["decided_at"])
    return Confirmed(**{**given, "decided_at": at, "decided_on": at.astimezone(SHANGHAI).date()})
