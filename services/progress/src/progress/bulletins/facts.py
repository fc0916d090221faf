"""Facts of bulletins: how lines stood at the end of a day, from their stories."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from chassis.clock import SHANGHAI
from chassis.tenancy import RowMapping, Session
from progress import offices
from progress.bulletins.drafting import Confirmed, Fact, Filed, Punctuality
from progress.filings import store as filings
from progress.lines.rules import Light, State
from progress.periods import store as periods

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
         LEFT JOIN LATERAL (
             SELECT stood -> 'withdrawn' = 'true' AS withdrawn FROM line_history
             WHERE line_id = l.id AND at < :ends ORDER BY at DESC, position DESC LIMIT 1
         ) was ON true
    WHERE NOT coalesce(was.withdrawn, l.withdrawn)
      AND (l.opened_on <= :until OR l.id IN (SELECT line_id FROM filing WHERE period_id = CAST(:period AS uuid)))
      AND (cardinality(CAST(:plans AS text[])) = 0 OR l.plan = ANY(:plans))
      AND (cardinality(CAST(:zones AS text[])) = 0 OR l.jurisdiction = ANY(:zones))
    ORDER BY l.plan_rank, l.task_number, l.jurisdiction, l.id
"""  # noqa: S608


async def as_of(
    db: Session, until: date, plans: Sequence[str], zones: Sequence[str], period: UUID | None = None
) -> list[Fact]:
    """The lines as they stood at the end of ``until`` in Asia/Shanghai; no plans or zones means all.

    Lines that were opened later are told of a reporting ``period`` that asked for them nevertheless.
    """
    ends = datetime.combine(until + timedelta(1), time(), SHANGHAI)
    rows = await db.rows(_AS_OF, ends=ends, until=until, plans=list(plans), zones=list(zones), period=period)
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


async def of_period(
    db: Session, period: Mapping[str, Any], plans: Sequence[str], zones: Sequence[str]
) -> tuple[list[Fact], list[Punctuality]]:
    """The lines of a reporting period as its approved filings tell them, and who filed in time."""
    found = await as_of(db, period["ends"], plans or period["plans"], zones, period["id"])
    filed = {row["line_id"]: _filed(row) for row in await filings.approved(db, period["id"])}
    told = [fact.filed(filed[fact.line_id]) if fact.line_id in filed else fact for fact in found]
    return told, await _punctuality(db, period["id"], plans, zones)


def _filed(row: RowMapping) -> Filed:
    names = ("id", "number", "percent", "done", "finished", "sent_by", "approved_by", "approved_at")
    on = row["approved_at"].astimezone(SHANGHAI).date()
    return Filed(**{name: row[name] for name in names}, on_time=bool(row["on_time"]), approved_on=on)


async def _punctuality(db: Session, period_id: UUID, plans: Sequence[str], zones: Sequence[str]) -> list[Punctuality]:
    """By office, of the chosen plans and zones; offices of units belong to the province."""
    counted: dict[str, list[int]] = {}
    for row in await periods.counts(db, period_id):
        if (not plans or row["plan"] in plans) and (not zones or offices.jurisdiction(row["office"]) in zones):
            known = counted.setdefault(row["office"], [0, 0, 0])
            counted[row["office"]] = [
                known[n] + row[name] for n, name in enumerate(("expected", "on_time", "approved"))
            ]
    names = await db.rows(
        f"SELECT o AS office, {offices.NAME.format('o')} AS name FROM unnest(CAST(:offices AS text[])) o ORDER BY o",  # noqa: S608
        offices=list(counted),
    )
    return [Punctuality(row["name"], *counted[row["office"]]) for row in names]
