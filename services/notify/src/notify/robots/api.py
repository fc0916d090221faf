"""Group robots (群机器人) of the caller's office: its administrators add, change, pause, remove and test them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from chassis import audit, clock
from chassis.auth import Caller, CallerDep, Role
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, RowMapping, Session
from notify import audiences
from notify.deliveries import store as deliveries
from notify.preferences import groups
from notify.robots import rules, store, telling
from notify.robots.schemas import (
    GroupOut,
    KindOut,
    RobotChange,
    RobotIn,
    RobotOut,
    RobotPage,
    RobotWhole,
)
from notify.webhooks.addresses import destination
from notify.webhooks.sending import Sender


async def _office(caller: CallerDep) -> str:
    """The office whose robots the caller manages."""
    office = audiences.of(caller)
    if office is None or not caller.has(Role.ADMIN):
        raise Forbidden
    return office


def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.webhooks
    return sender


router = Router(tags=["robots"], dependencies=[audiences.READ, Depends(_office)])
Office = Annotated[str, Depends(_office)]
Outside = Annotated[Sender, Depends(_sender)]


@router.get("/robots", response_model=RobotPage)
async def robots(db: Db) -> Response:
    """The robots of the caller's office; neither their whole addresses nor their secrets."""
    kinds = [
        KindOut(code=code, name=kind.words[0], name_en=kind.words[1], example=kind.example, signs=kind.signs)
        for code, kind in rules.kinds().items()
    ]
    known = [GroupOut(code=group.code, title=group.words[0], title_en=group.words[1]) for group in groups.GROUPS]
    items = [_shown(row) for row in await store.all_(db)]
    return answer(RobotPage(items=items, next=None, kinds=kinds, groups=known))


@router.post("/robots", response_model=RobotOut, status_code=201)
async def add(given: RobotIn, db: Db, office: Office, caller: CallerDep, outside: Outside) -> Response:
    """Adds a robot to the office's, which gets news from now on. 422 for an address inside, or of another kind."""
    kind = rules.kind_of(given.kind)
    rules.check_url(kind, given.url)
    rules.check_secret(kind, given.secret)
    rules.check_groups(given.groups)
    await outside.addresses(destination(given.url))
    if await store.count(db, office) >= rules.MOST:
        raise rules.TooMany
    robot_id = await store.add(db, office, given.model_dump() | {"shown": rules.shown(given.url)})
    added = await _found(db, robot_id)
    await _note(db, caller, "robot.added", robot_id, None, _noted(added))
    return answer(_shown(added), version=added["version"], status=201)


@router.get("/robots/{robot_id}", response_model=RobotWhole)
async def robot(robot_id: UUID, db: Db) -> Response:
    """One robot and what became of its last messages."""
    found = await _found(db, robot_id)
    whole = RobotWhole(**_shown(found).model_dump(), recent=await store.recent(db, robot_id))
    return answer(whole, version=found["version"])


@router.put("/robots/{robot_id}", response_model=RobotOut)
async def change(
    given: RobotChange, robot_id: UUID, db: Db, caller: CallerDep, outside: Outside, if_match: IfMatch
) -> Response:
    """Changes a robot; its address and secret only when they are given."""
    before = await _held(db, robot_id, if_match)
    kind = rules.kind_of(before["kind"])
    rules.check_secret(kind, given.secret or "")
    rules.check_groups(given.groups)
    if given.url is not None:
        rules.check_url(kind, given.url)
        await outside.addresses(destination(given.url))
    await store.change(db, robot_id, given.model_dump() | {"shown": rules.shown(given.url or "")})
    return await _changed(db, caller, before, "robot.changed")


@router.post("/robots/{robot_id}/pause", response_model=RobotOut)
async def pause(robot_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Nothing is sent until it is resumed, what waits neither; what happens meanwhile is in the inbox alone."""
    before = await _held(db, robot_id, if_match)
    rules.must_allow("pause", paused=before["paused"])
    await store.pause(db, robot_id, paused=True)
    return await _changed(db, caller, before, "robot.paused")


@router.post("/robots/{robot_id}/resumption", response_model=RobotOut)
async def resume(robot_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """It gets what happens from now on."""
    before = await _held(db, robot_id, if_match)
    rules.must_allow("resume", paused=before["paused"])
    await store.pause(db, robot_id, paused=False)
    return await _changed(db, caller, before, "robot.resumed")


@router.post("/robots/{robot_id}/removal", status_code=204)
async def remove(robot_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Removes a robot; what waits for it is not sent."""
    before = await _held(db, robot_id, if_match)
    await store.remove(db, robot_id)
    await _note(db, caller, "robot.removed", robot_id, _noted(before), None)
    return Response(status_code=204)


@router.post("/robots/{robot_id}/test", response_model=RobotWhole, status_code=201)
async def test(robot_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Sends a test message. Needs no If-Match: it changes no setting."""
    found = await _found(db, robot_id)
    rules.must_allow("test", paused=found["paused"])
    await deliveries.deliver(db, [telling.test(dict(found), caller.name, clock.now())])
    await _note(db, caller, "robot.tested", robot_id, None, None)
    return answer(RobotWhole(**_shown(found).model_dump(), recent=await store.recent(db, robot_id)), status=201)


async def _found(db: Session, robot_id: UUID, *, lock: bool = False) -> RowMapping:
    found = await store.get(db, robot_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def _held(db: Session, robot_id: UUID, if_match: int) -> RowMapping:
    """Locked, and as the caller knows it."""
    found = await _found(db, robot_id, lock=True)
    check(found["version"], if_match)
    return found


async def _changed(db: Session, caller: Caller, before: RowMapping, what: str) -> Response:
    after = await _found(db, before["id"])
    await _note(db, caller, what, before["id"], _noted(before), _noted(after))
    return answer(_shown(after), version=after["version"])


async def _note(
    db: Session, caller: Caller, what: str, robot_id: UUID, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    tenant = caller.tenant if caller.scope == "tenant" else None
    await audit.record(db, what, "robot", robot_id, before, after, tenant=tenant)


def _noted(row: RowMapping) -> dict[str, Any]:
    """What the audit trail has of a robot."""
    kept = {name: row[name] for name in ("office", "kind", "name", "signed", "groups", "paused", "version")}
    return kept | {"url": row["shown"]}


def _shown(row: RowMapping) -> RobotOut:
    return RobotOut.model_validate({**row, "url": row["shown"], "actions": rules.actions(paused=row["paused"])})
