"""Missing values (应报未报): what is owed for periods that have ended, and by whom."""

from typing import Annotated

from fastapi import Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress.access import READ, actor
from progress.calendar.store import calendar
from progress.filters import Jurisdiction
from progress.indicators import missing, owing, reading, store
from progress.indicators.schemas import MissingPage

router = Router(tags=["indicators"])


@router.get("/missing-values", response_model=MissingPage, dependencies=[READ])
async def missing_values(
    db: Db,
    caller: CallerDep,
    today: Today,
    indicator: Annotated[Filter | None, Query(description="An indicator's code")] = None,
    jurisdiction: Jurisdiction = None,
    waiting: Annotated[bool | None, Query(description="The caller's office owes it")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Values of confirmed indicators that are not recorded although their period has ended, the longest due first.

    A value is due on the tenth working day after the end of its period, and listed for a year.
    """
    acting = actor(caller)
    given = {"indicator": indicator, "jurisdiction": jurisdiction, "waiting": waiting}
    filters = {name: value for name, value in given.items() if value is not None}
    places = list(reading.visible(acting, await store.places(db)))
    owed = owing.owed(today, await calendar(db))
    office = acting.office if acting.scope in ("all", "tenant", "unit") else ""
    return answer(await missing.page(db, owed, places, office, filters, limit=limit, cursor=cursor))
