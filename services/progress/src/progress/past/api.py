"""What changed between two days, and trends over days."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.routing import Router, answer
from chassis.schemas import Day, Filter
from chassis.tenancy import Db, RowMapping
from progress.access import READ, actor
from progress.filters import Jurisdiction, Plan
from progress.overview.store import unit_of
from progress.past import differences, rules, store
from progress.past.rules import What
from progress.past.schemas import ChangedPage, Difference, DifferenceOut, Point, TrendOut, figures

router = Router(tags=["past"])
Since = Annotated[Day | None, Query(description="The day whose end is the beginning")]
Until = Annotated[Day | None, Query(description="The last day, by default today; the end of today is now")]


async def _span(db: Db, today: Today, since: Since = None, until: Until = None) -> tuple[date, date]:
    return rules.span(since, until, await store.first(db), today)


def _filters(
    jurisdiction: Jurisdiction = None,
    plan: Plan = None,
    unit: Annotated[Filter | None, Query(description="A responsible unit's code, then or now")] = None,
    what: Annotated[What | None, Query(description="What must have changed")] = None,
) -> Mapping[str, str]:
    given = {"jurisdiction": jurisdiction, "plan": plan, "unit": unit, "what": what}
    return {name: str(value) for name, value in given.items() if value is not None}


Span = Annotated[tuple[date, date], Depends(_span)]
Filters = Annotated[Mapping[str, str], Depends(_filters)]


@router.get("/changes", response_model=ChangedPage, dependencies=[READ])
async def changes(
    db: Db, span: Span, filters: Filters, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """The lines that the caller sees and that differ between the ends of two days (变化): who changed what, and why.

    By default the last week; `since` may be the day before the first one, when there were no lines.
    """
    begin, finish = map(rules.end, span)
    return answer(await differences.page(db, begin, finish, filters, limit=limit, cursor=cursor))


@router.get("/changes/summary", response_model=DifferenceOut, dependencies=[READ])
async def summary(db: Db, span: Span, filters: Filters) -> Response:
    """How many lines `changes` lists, and in what they differ."""
    begin, finish = map(rules.end, span)
    found = Difference.model_validate_json(await differences.summary(db, begin, finish, filters))
    return answer(DifferenceOut(**dict(found), since=span[0], until=span[1]))


@router.get("/trends", response_model=TrendOut, dependencies=[READ])
async def trends(
    db: Db,
    caller: CallerDep,
    today: Today,
    since: Since = None,
    until: Until = None,
    plan: Plan = None,
    jurisdiction: Jurisdiction = None,
) -> Response:
    """Lines by state and light over time (趋势): each day, or 92 evenly spaced ones; a department those of its unit."""
    first = await store.first(db)
    since, until = rules.window(since, until, first, today)
    days = rules.points(since, until)
    rows = await store.trend(db, days, today, unit_of(actor(caller)), plan, jurisdiction)
    return answer(TrendOut(first_day=first, since=since, until=until, points=[_point(row) for row in rows]))


def _point(row: RowMapping) -> Point:
    return Point(day=row["day"], reconstructed=row["reconstructed"], **figures(dict(row)))
