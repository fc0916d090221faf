"""The timeline (时间轴): lines that have a schedule, with their milestones."""

from fastapi import Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.routing import Router, answer
from chassis.tenancy import Db
from progress.access import READ, actor
from progress.filters import Jurisdiction, Plan, Task, Unit
from progress.timeline import store
from progress.timeline.schemas import TimelinePage

router = Router(tags=["timeline"])


@router.get("/timeline", response_model=TimelinePage, dependencies=[READ])
async def timeline(
    db: Db,
    caller: CallerDep,
    jurisdiction: Jurisdiction = None,
    plan: Plan = None,
    task: Task = None,
    unit: Unit = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The scheduled lines of a zone, a unit, a plan or a task, in the order of lines. An unknown code finds nothing."""
    given = {"jurisdiction": jurisdiction, "plan": plan, "task": task, "unit": unit}
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), filters, limit=limit, cursor=cursor))
