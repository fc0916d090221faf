"""Replications (复制推广): each other zone adopts a published case or says why not; who has not answered is seen."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Filter
from chassis.tenancy import Db, Session
from progress.access import READ, SUBMIT, actor
from progress.days import must_be_ahead
from progress.lines.rules import Actor
from progress.replications import events, rules, store
from progress.replications.rules import LEADS_TO, Action, Capacity, Replication
from progress.replications.schemas import Adoption, Decline, ReplicationOut, ReplicationPage, Result, Start

router = Router(tags=["replications"])
ZoneCode = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="The code of the adopting zone")]
Guard = Callable[..., Coroutine[Any, Any, Replication]]


def replication_for(action: Action) -> Guard:
    """A dependency: the replication of the path, locked, on which the caller may do this now.

    404 when the caller may not see it, 403 when it is another zone's, 412 when it has moved on, 409 when not now.
    """

    async def guard(case_id: UUID, zone: ZoneCode, db: Db, caller: CallerDep, if_match: IfMatch) -> Replication:
        who = actor(caller)
        if await store.shown(db, who, case_id, zone) is None:
            raise NotFound
        if rules.capacity(who, zone) is not Capacity.ZONE:
            raise Forbidden("您不能对其他片区的复制推广事项进行此操作。")
        replication = await store.lock(db, case_id, zone)
        if replication is None:
            raise NotFound
        check(replication.version, if_match)
        rules.authorize(action, who, replication)
        return replication

    return guard


Adoptable = Annotated[Replication, Depends(replication_for(Action.ADOPT))]
Startable = Annotated[Replication, Depends(replication_for(Action.START))]
Finishable = Annotated[Replication, Depends(replication_for(Action.FINISH))]
Declinable = Annotated[Replication, Depends(replication_for(Action.DECLINE))]
_ONE = "/cases/{case_id}/replications/{zone}"


@router.get("/replications", response_model=ReplicationPage, dependencies=[READ])
async def replications(
    db: Db,
    caller: CallerDep,
    case: Annotated[UUID | None, Query(description="A case's id")] = None,
    zone: Annotated[Filter | None, Query(description="The code of the adopting zone")] = None,
    state: Annotated[Filter | None, Query(description="One of the states, `unanswered` among them")] = None,
    waiting: Annotated[bool | None, Query(description="The caller's zone is asked, and has not answered")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """What the zones make of published cases, as far as the caller may know it; the newest case first, by zone."""
    given: dict[str, Any] = {"case": case, "zone": zone, "state": state, "waiting": waiting}
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), filters, limit=limit, cursor=cursor))


@router.get(_ONE, response_model=ReplicationOut, dependencies=[READ])
async def replication(case_id: UUID, zone: ZoneCode, db: Db, caller: CallerDep) -> Response:
    """What one zone makes of a published case."""
    return await _shown(db, actor(caller), case_id, zone, status=200)


@router.post(f"{_ONE}/adoption", response_model=ReplicationOut, status_code=201, dependencies=[SUBMIT])
async def adopt(given: Adoption, replication: Adoptable, db: Db, caller: CallerDep, today: Today) -> Response:
    """The zone will take the case over (采用), and says how; also after it had declined."""
    must_be_ahead(given.due, today)
    return await _move(db, replication, Action.ADOPT, answered_on=today, reason="", late_on=None, **given.model_dump())


@router.post(f"{_ONE}/start", response_model=ReplicationOut, status_code=201, dependencies=[SUBMIT])
async def start(
    replication: Startable, db: Db, caller: CallerDep, today: Today, given: Start | None = None
) -> Response:
    """The zone has begun to take the case over (启动推广)."""
    return await _move(db, replication, Action.START, started_on=today, progress=given.progress if given else "")


@router.post(f"{_ONE}/result", response_model=ReplicationOut, status_code=201, dependencies=[SUBMIT])
async def finish(given: Result, replication: Finishable, db: Db, caller: CallerDep, today: Today) -> Response:
    """The case is at work in the zone (已落地), with what came of it; from then on everybody may read it."""
    said = given.model_dump()
    if not said["differences"]:
        del said["differences"]
    return await _move(db, replication, Action.FINISH, adopted_on=today, **said)


@router.post(f"{_ONE}/refusal", response_model=ReplicationOut, status_code=201, dependencies=[SUBMIT])
async def decline(given: Decline, replication: Declinable, db: Db, caller: CallerDep, today: Today) -> Response:
    """The zone does not take the case over (不采用), and says why; also after it had begun to."""
    await store.refuse(db, replication, given.reason, today, caller.name)
    return await _move(db, replication, Action.DECLINE, answered_on=today, reason=given.reason)


async def _move(db: Session, replication: Replication, action: Action, **also: Any) -> Response:
    before = await store.whole(db, replication)
    assert db.caller is not None  # noqa: S101 - the guard has authorized it
    await store.move(db, replication, LEADS_TO[action], db.caller.name, **also)
    after = await store.whole(db, replication)
    await audit.record(
        db,
        f"replication.{LEADS_TO[action]}",
        "replication",
        after["id"],
        before,
        after,
        tenant=replication.zone,
        reason=also.get("reason") or None,
    )
    await events.tell(db, replication)
    return await _shown(db, actor(db.caller), replication.case_id, replication.zone)


async def _shown(db: Session, who: Actor, case_id: UUID, zone: str, *, status: int = 201) -> Response:
    body = await store.shown(db, who, case_id, zone)
    if body is None:
        raise NotFound
    shown = ReplicationOut.model_validate_json(body)
    return answer(shown, version=shown.version, status=status)
