"""The share of lines that are done (落地率), against staged goals that the province sets."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response

from chassis.clock import Today
from chassis.problems import Invalid
from chassis.routing import IfMatch, Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ
from progress.landing import rules, store
from progress.landing.rules import Stage
from progress.landing.schemas import GoalIn, GoalOut, LandingOut, PointOut
from progress.landing.store import Scope
from progress.setting import UNTOUCHED

router = Router(tags=["landing"])
EARLIEST = date(2013, 9, 29)


@router.get("/landing", response_model=LandingOut, dependencies=[READ])
async def landing(
    db: Db,
    today: Today,
    plan: Annotated[Filter | None, Query(description="A plan's code; all without")] = None,
    jurisdiction: Annotated[Filter | None, Query(description="A zone's code, or `province`; all without")] = None,
) -> Response:
    """The curve of goal and actual share, a point a month. An unknown code has no lines."""
    scope = Scope(plan or "", jurisdiction or "")
    goal, (opened, confirmed) = await _goal(db, scope), await store.counted(db, scope)
    stages = [Stage(stage.months, stage.percent) for stage in goal.stages]
    start = goal.start or min(opened, default=today)
    points = rules.curve(start, stages, opened, confirmed, today) if opened else []
    shown = LandingOut(goal=goal, today=today, points=[PointOut.model_validate(point) for point in points])
    return answer(shown, version=goal.version)


@router.put("/landing/goal", response_model=GoalOut, dependencies=[DECIDE])
async def change(given: GoalIn, db: Db, today: Today, if_match: IfMatch) -> Response:
    """Sets the goal of a plan and a jurisdiction; the ETag is that of their curve."""
    scope = Scope(given.plan or "", given.jurisdiction or "")
    for name, known in zip(("plan", "jurisdiction"), await store.exists(db, scope), strict=True):
        if not known:
            raise Invalid(f"/body/{name}", "没有这个代码")
    if given.start and not EARLIEST <= given.start <= today:
        raise Invalid("/body/start", f"应在 {EARLIEST} 至今天之间")
    rules.must_lead_up([Stage(stage.months, stage.percent) for stage in given.stages])
    values = {"start_on": given.start, "stages": [stage.model_dump() for stage in given.stages]}
    await store.put(db, scope, values, if_match)
    goal = await _goal(db, scope)
    return answer(goal, version=goal.version)


async def _goal(db: Session, scope: Scope) -> GoalOut:
    goals = await store.goals(db)
    found = next((goals[wider] for wider in scope.wider if wider in goals), None)
    own = goals.get(scope)
    shown: dict[str, Any] = {"start": None, "stages": [vars(stage) for stage in rules.USUAL], "changed_by": None}
    if found:
        shown = {**found, "start": found["start_on"]}
    return GoalOut.model_validate(
        {"changed_at": None}
        | shown
        | {
            "plan": scope.plan or None,
            "jurisdiction": scope.jurisdiction or None,
            "own": own is not None,
            "version": own["version"] if own else UNTOUCHED,
        }
    )
