"""Tolerance (容错): until publication the province leaves facts out of offices' scores, with a reason."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress import offices
from progress.access import DECIDE, actor
from progress.assessment import events, facts, rules, scoring, store
from progress.assessment.api import Row, guarded
from progress.assessment.rules import Action, NotNow, Status
from progress.assessment.schemas import ExemptionIn, ExemptionOut, LiftingIn, Office

router = Router(tags=["assessments"])


@router.post(
    "/assessments/{assessment_id}/results/{office}/exemptions",
    response_model=ExemptionOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def exempt(
    given: ExemptionIn,
    office: Office,
    found: Annotated[Row, Depends(guarded(Action.EXEMPT))],
    db: Db,
    caller: CallerDep,
    today: Today,
) -> Response:
    """Leaves a fact out of an office's score for an item. 409 when it is left out already."""
    if office not in await store.names(db):
        raise NotFound
    item = next((each for each in scoring.items_of(found) if each.code == given.item), None)
    if item is None:
        raise Invalid("/body/item", "方案中没有该评分项")
    known = (await facts.gather(db, [item], found["year"], today, office))[office][item.code]
    fact = next((each for each in known if each.id == given.fact), None)
    if fact is None:
        raise Invalid("/body/fact", "该单位的该评分项没有这项依据")
    exemption_id = await store.exempt(db, found["id"], office, item.code, fact, given.reason, caller.name)
    if exemption_id is None:
        raise NotNow("该项依据已经容错。")
    return await _settled(db, found, exemption_id, "granted", None, given.reason)


@router.post(
    "/assessments/{assessment_id}/exemptions/{exemption_id}/lifting",
    response_model=ExemptionOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def lift(
    given: LiftingIn, assessment_id: UUID, exemption_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch
) -> Response:
    """Lets the fact count again. If-Match is the exemption's version."""
    found = await store.lock(db, assessment_id)
    before = await store.exemption(db, assessment_id, exemption_id)
    if found is None or before is None:
        raise NotFound
    check(before["version"], if_match)
    rules.authorize(Action.EXEMPT, actor(caller), Status(found["status"]))
    if before["lifted_at"] is not None:
        raise NotNow("该容错已经撤销。")
    await store.lift(db, exemption_id, given.reason, caller.name)
    return await _settled(db, found, exemption_id, "lifted", before, given.reason)


async def _settled(
    db: Session, found: Row, exemption_id: UUID, what: str, before: dict[str, Any] | None, reason: str
) -> Response:
    """The assessment's version counts it: what is published next differs."""
    await store.touch(db, found["id"])
    after = dict(await store.exemption(db, found["id"], exemption_id) or {})
    tenant = offices.jurisdiction(after["office"])
    await audit.record(db, f"exemption.{what}", "exemption", exemption_id, before, after, tenant=tenant, reason=reason)
    await events.tell_exemption(db, what, found, after)
    return answer(ExemptionOut.model_validate(after), version=after["version"], status=201)
