"""The timeline (时间轴): lines that have a schedule, with their milestones."""

from typing import Annotated

from fastapi import Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress.access import READ, actor
from progress.timeline import store
from progress.timeline.schemas import TimelinePage

router = Router(tags=["timeline"])


@router.get("/timeline", response_model=TimelinePage, dependencies=[READ])
async def timeline(
    db: Db,
    caller: CallerDep,
    jurisdiction: Annotated[Filter | None, Query(description="A zone's code, or `province`")] = None,
    plan: Annotated[Filter | None, Query(description="A plan's code")] = None,
    task: Annotated[Filter | None, Query(description="A task's code")] = None,
    unit: Annotated[Filter | None, Query(description="A responsible unit's code, name or alias")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The scheduled lines of a zone, a unit, a plan or a task, in the order of lines. An unknown code finds nothing."""
    given = {"jurisdiction": jurisdiction, "plan": plan, "task": task, "unit": unit}
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), filters, limit=limit, cursor=cursor))
