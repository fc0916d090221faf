"""Where the facts of an assessment come from: for each basis a function that finds them, as far as the caller sees."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from chassis.tenancy import RowMapping, Session
from progress.assessment import rules
from progress.assessment.rules import Basis, Declaration, Fact, Item, Way
from progress.indicators import reading
from progress.indicators import store as indicators
from progress.lines.rules import PROVINCE
from progress.past.rules import end

Found = list[tuple[str, Fact]]
"""Facts with the office that each is about."""
Source = Callable[[Session, int, date, str | None], Awaitable[Found]]
"""Of a year until a day; of one office or of all."""

_OFFICE = """
    CASE WHEN l.jurisdiction = 'province' THEN 'unit:' || l.leads[1] ELSE 'zone:' || l.jurisdiction END
"""
_OF_OFFICE = """
    CASE split_part(:office, ':', 1)
        WHEN '' THEN cardinality(l.leads) > 0 OR l.jurisdiction <> 'province'
        WHEN 'zone' THEN l.jurisdiction = split_part(:office, ':', 2)
        ELSE l.jurisdiction = 'province' AND l.leads[1] = split_part(:office, ':', 2)
    END
"""

_DAY = "CAST({} AT TIME ZONE 'Asia/Shanghai' AS date)"
_DECLARED = f"""
    SELECT json_agg(json_build_array(way, told_on)) FROM (
        SELECT 'extension' AS way, {_DAY.format("asked_at")} AS told_on FROM extension
        WHERE line_id = l.id AND before = l.due
        UNION ALL SELECT 'problem', {_DAY.format("raised_at")} FROM problem
        WHERE line_id = l.id AND raiser = {_OFFICE} AND state <> 'withdrawn'
        UNION ALL SELECT 'filed', told_on FROM (
            SELECT {_DAY.format("submitted_at")} AS told_on, problems, next_steps FROM report
            WHERE line_id = l.id AND status IN ('submitted', 'confirmed') AND {_DAY.format("submitted_at")} <= l.due
            ORDER BY number DESC LIMIT 1) r WHERE problems <> '' AND next_steps <> ''
        UNION ALL SELECT 'filed', received_on FROM (
            SELECT received_on, problems, next_steps FROM filing
            WHERE line_id = l.id AND state IN ('checked', 'accepted', 'approved') AND received_on <= l.due
            ORDER BY received_on DESC, id DESC LIMIT 1) f WHERE problems <> '' AND next_steps <> '') told
"""  # noqa: S608
"""Of what was reported or filed, only the last before the deadline tells whether a risk stood."""


async def _lines(db: Session, year: int, today: date, office: str | None) -> Found:
    """As they stand, and of a year that is over as they stood when it ended."""
    rows = await db.rows(
        f"""
        SELECT {_OFFICE} AS office, CAST(l.id AS text) AS id, t.title, l.light, l.due,
               CASE WHEN l.light = 'red' THEN ({_DECLARED}) END AS declared
        FROM (SELECT o.id, o.task, o.jurisdiction, o.leads, o.plan_rank, o.task_number, was.stood ->> 'light' AS light,
                     CAST(was.stood ->> 'due' AS date) AS due
              FROM line o CROSS JOIN LATERAL (
                  SELECT stood FROM line_history WHERE line_id = o.id AND at < :ends
                  ORDER BY at DESC, position DESC LIMIT 1) was
              WHERE was.stood -> 'withdrawn' = 'false') l
        JOIN task t ON t.code = l.task
        WHERE {_OF_OFFICE} ORDER BY l.plan_rank, l.task_number, l.jurisdiction
        """,  # noqa: S608
        office=office or "",
        ends=end(min(today, date(year, 12, 31))),
    )
    return [
        (row["office"], rules.line_fact(row["id"], row["title"], row["light"], row["due"], _declarations(row)))
        for row in rows
    ]


def _declarations(row: RowMapping) -> list[Declaration]:
    return [Declaration(Way(way), date.fromisoformat(on)) for way, on in row["declared"] or ()]


async def _milestones(db: Session, year: int, today: date, office: str | None) -> Found:
    rows = await db.rows(
        f"""
        SELECT {_OFFICE} AS office, CAST(m.id AS text) AS id, CAST(l.id AS text) AS line_id, m.due, m.done_on,
               t.title || '：' || m.title AS title
        FROM milestone m JOIN line l ON l.id = m.line_id JOIN task t ON t.code = l.task
        WHERE NOT l.withdrawn AND m.due BETWEEN :first AND :last AND {_OF_OFFICE} ORDER BY m.due, m.id
        """,  # noqa: S608
        office=office or "",
        first=date(year, 1, 1),
        last=min(date(year, 12, 31), today),
    )
    return [
        (row["office"], rules.milestone_fact(row["id"], row["line_id"], row["title"], row["due"], row["done_on"]))
        for row in rows
    ]


async def _filings(db: Session, year: int, today: date, office: str | None) -> Found:
    rows = await db.rows(
        """
        SELECT f.office, CAST(f.id AS text) AS id, p.title || '：' || t.title AS title, p.due, f.received_on, f.on_time
        FROM period p JOIN filing f ON f.period_id = p.id JOIN line l ON l.id = f.line_id JOIN task t ON t.code = l.task
        WHERE p.due BETWEEN :first AND :last AND (f.received_on IS NOT NULL OR p.grace < :today) AND NOT f.excused
              AND (f.office = :office OR :office = '')
        ORDER BY p.due, f.id
        """,
        office=office or "",
        today=today,
        **_days(year),
    )
    return [
        (row["office"], rules.filing_fact(row["id"], row["title"], row["due"], row["received_on"], row["on_time"]))
        for row in rows
    ]


async def _orders(db: Session, year: int, today: date, office: str | None) -> Found:
    rows = await db.rows(
        """
        SELECT lead AS office, CAST(id AS text) AS id, title, deadline, answered_on FROM orders
        WHERE issued_on BETWEEN :first AND :last AND state <> 'revoked' AND (lead = :office OR :office = '')
              AND (answered_on IS NOT NULL OR deadline < :today)
        ORDER BY deadline, id
        """,
        office=office or "",
        today=today,
        **_days(year),
    )
    return [
        (row["office"], rules.order_fact(row["id"], row["title"], row["deadline"], row["answered_on"])) for row in rows
    ]


async def _indicators(db: Session, year: int, today: date, office: str | None) -> Found:
    """Those of zones; a value of the province is nobody's alone."""
    known = {row["code"]: row for row in await indicators.all_data(db)}
    found = [
        (f"zone:{each.jurisdiction}", each)
        for each in await reading.reached(db, year, today)
        if each.jurisdiction != PROVINCE and office in (None, f"zone:{each.jurisdiction}")
    ]
    return [(of, _indicator(known[each.indicator], each)) for of, each in found]


def _indicator(row: indicators.Row, found: reading.Reached) -> Fact:
    return rules.indicator_fact(row["code"], row["name"], row["measure"], found.value, found.target, found.reached)


async def _cases(db: Session, year: int, today: date, office: str | None) -> Found:
    """Those that are approved still: one that was taken from the public list (撤下) is no result any more."""
    rows = await db.rows(
        """
        SELECT 'zone:' || zone AS office, CAST(id AS text) AS id, title, approved_on FROM innovation_case
        WHERE level IS NOT NULL AND state <> 'retracted' AND approved_on BETWEEN :first AND :last
              AND ('zone:' || zone = :office OR :office = '')
        ORDER BY approved_on, id
        """,
        office=office or "",
        **_days(year),
    )
    return [(row["office"], rules.case_fact(row["id"], row["title"], row["approved_on"])) for row in rows]


def _days(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}


SOURCES: Mapping[Basis, Source] = {
    Basis.LINES: _lines,
    Basis.MILESTONES: _milestones,
    Basis.FILINGS: _filings,
    Basis.ORDERS: _orders,
    Basis.INDICATORS: _indicators,
    Basis.CASES: _cases,
}


async def gather(
    db: Session, items: Sequence[Item], year: int, today: date, office: str | None = None
) -> dict[str, dict[str, list[Fact]]]:
    """Facts by office and item's code, of all offices that have any or of the one that is named."""
    found: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        source = SOURCES.get(item.basis)
        for of, fact in await source(db, year, today, office) if source else []:
            found[of][item.code].append(fact)
    return found
