"""Webhooks (事件推送): an integrator's own; the security administrator pauses, the operator replays."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from chassis import audit, pages
from chassis.auth import Caller, CallerDep, Role, allow
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, RowMapping, Session
from notify.integrators import admission
from notify.integrators import store as integrators
from notify.webhooks import rules, signing, store
from notify.webhooks.addresses import destination
from notify.webhooks.rules import Paused, State
from notify.webhooks.schemas import (
    ReplayIn,
    Tenant,
    WebhookDeliveryOut,
    WebhookDeliveryPage,
    WebhookDeliveryWhole,
    WebhookIn,
    WebhookOut,
    WebhookPage,
    WebhookSecret,
)
from notify.webhooks.sending import Sender

OWNER = allow(Role.INTEGRATOR)
SEEN = allow(Role.INTEGRATOR, Role.SECURITY, Role.OPERATOR)
STEERS = allow(Role.INTEGRATOR, Role.SECURITY)
REPLAYS = allow(Role.INTEGRATOR, Role.OPERATOR)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def _admitted(db: Db, caller: CallerDep) -> None:
    """An integrator is let in by what is granted to it now."""
    if caller.scope == "integrator":
        await admission.check(db, caller)


router = Router(tags=["webhooks"], dependencies=[Depends(_admitted)])


def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.webhooks
    return sender


Outside = Annotated[Sender, Depends(_sender)]


@router.get("/webhooks", response_model=WebhookPage, dependencies=[SEEN])
async def webhooks(
    db: Db,
    caller: CallerDep,
    integrator: Annotated[Tenant | None, Query(description="Client id of their owner")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The caller's own webhooks, or those of all for who runs or guards the system; newest first."""
    rows = await store.page(db, integrator=integrator, limit=limit, cursor=cursor)
    shown = [_shown(row, caller) for row in rows[:limit]]
    following = pages.encode(shown[-1].id) if len(rows) > limit else None
    return answer(WebhookPage(items=shown, next=following))


@router.post("/webhooks", response_model=WebhookSecret, status_code=201, dependencies=[OWNER])
async def add(given: WebhookIn, db: Db, caller: CallerDep, outside: Outside) -> Response:
    """Names an address to which events are posted from now on, and gives the secret that signs them.

    422 for an address inside, and for zones that are not granted.
    """
    client = caller.client or ""
    await _must_be_possible(db, given, client, outside)
    if await store.count(db, client) >= rules.MOST_WEBHOOKS:
        raise rules.TooMany
    webhook_id = await store.add(db, client, given.model_dump())
    return await _with_new_secret(db, caller, webhook_id, "webhook.added", None, 201)


@router.get("/webhooks/{webhook_id}", response_model=WebhookOut, dependencies=[SEEN])
async def webhook(webhook_id: UUID, db: Db, caller: CallerDep) -> Response:
    """One webhook and how it stands."""
    found = await _found(db, webhook_id)
    return answer(_shown(found, caller), version=found["version"])


@router.put("/webhooks/{webhook_id}", response_model=WebhookOut, dependencies=[OWNER])
async def change(
    given: WebhookIn, webhook_id: UUID, db: Db, caller: CallerDep, outside: Outside, if_match: IfMatch
) -> Response:
    """Changes where events go and which; what waits of zones that are no longer chosen is dropped."""
    before = await _held(db, webhook_id, if_match)
    await _must_be_possible(db, given, before["integrator"], outside)
    await store.change(db, webhook_id, given.model_dump())
    return await _changed(db, caller, before, "webhook.changed")


@router.post("/webhooks/{webhook_id}/removal", status_code=204, dependencies=[OWNER])
async def remove(webhook_id: UUID, db: Db, if_match: IfMatch) -> Response:
    """Removes a webhook with all that waits for it and was noted of it."""
    before = await _held(db, webhook_id, if_match)
    await store.remove(db, webhook_id)
    await audit.record(db, "webhook.removed", "webhook", webhook_id, _noted(before), None)
    return Response(status_code=204)


@router.post("/webhooks/{webhook_id}/rotation", response_model=WebhookSecret, dependencies=[OWNER])
async def rotate(webhook_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Gives a new secret. For 24 hours each message has two signatures, by the new one and by the one before."""
    before = await _held(db, webhook_id, if_match)
    await store.touch(db, webhook_id)
    return await _with_new_secret(db, caller, webhook_id, "webhook.rotated", before, 200)


@router.post("/webhooks/{webhook_id}/pause", response_model=WebhookOut, dependencies=[STEERS])
async def pause(webhook_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Stops sending; what happens meanwhile is sent when it is resumed. What the security administrator paused, only
    the security administrator resumes.
    """
    before = await _held(db, webhook_id, if_match)
    rules.must_allow("pause", rules.actions(caller, before["paused"]))
    await store.pause(db, webhook_id, Paused.SECURITY if caller.has(Role.SECURITY) else Paused.OWNER)
    return await _changed(db, caller, before, "webhook.paused")


@router.post("/webhooks/{webhook_id}/resumption", response_model=WebhookOut, dependencies=[STEERS])
async def resume(webhook_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Goes on where it stopped."""
    before = await _held(db, webhook_id, if_match)
    rules.must_allow("resume", rules.actions(caller, before["paused"]))
    await store.resume(db, webhook_id)
    return await _changed(db, caller, before, "webhook.resumed")


@router.post("/webhooks/{webhook_id}/test", response_model=WebhookDeliveryOut, status_code=201, dependencies=[OWNER])
async def test(webhook_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Sends an event of the type `zoneportal.notify.webhook.tested.v1`. Needs no If-Match: it changes no setting."""
    found = await _found(db, webhook_id)
    rules.must_allow("test", rules.actions(caller, found["paused"]))
    await store.wake(db, webhook_id)
    delivery_id = await store.add_test(db, webhook_id, signing.TEST_TYPE)
    return answer(_delivery(await _delivered(db, webhook_id, delivery_id), found, caller), status=201)


@router.post("/webhooks/{webhook_id}/replay", response_model=WebhookOut, dependencies=[REPLAYS])
async def replay(given: ReplayIn, webhook_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Sends once more, under the same ids, what happened since an instant. Needs no If-Match, as above."""
    found = await _found(db, webhook_id, lock=True)
    rules.must_allow("replay", rules.actions(caller, found["paused"]))
    position = max((given.since - _EPOCH) // timedelta(microseconds=1), 1)
    await store.wake(db, webhook_id)
    await (store.replay_since if given.what == "all" else store.replay_failed)(db, webhook_id, position)
    asked = {"since": given.since, "what": given.what}
    await audit.record(db, "webhook.replayed", "webhook", webhook_id, None, asked)
    return answer(_shown(await _found(db, webhook_id), caller))


@router.get("/webhooks/{webhook_id}/deliveries", response_model=WebhookDeliveryPage, dependencies=[SEEN])
async def deliveries(
    webhook_id: UUID,
    db: Db,
    caller: CallerDep,
    state: State | None = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """What was sent to a webhook or waits for it, newest first; kept for 30 days."""
    found = await _found(db, webhook_id)
    rows = await store.deliveries(db, webhook_id, state=state, limit=limit, cursor=cursor)
    shown = [_delivery(row, found, caller) for row in rows[:limit]]
    following = pages.encode(shown[-1].id) if len(rows) > limit else None
    return answer(WebhookDeliveryPage(items=shown, next=following))


@router.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", response_model=WebhookDeliveryWhole, dependencies=[SEEN])
async def delivery(webhook_id: UUID, delivery_id: UUID, db: Db, caller: CallerDep) -> Response:
    """One delivery with each try: what was sent where, and what was answered."""
    found, row = await _found(db, webhook_id), await _delivered(db, webhook_id, delivery_id)
    tries = await store.attempts(db, delivery_id)
    whole = {**_delivery(row, found, caller).model_dump(), "body": row["body"], "tries": tries}
    return answer(WebhookDeliveryWhole.model_validate(whole))


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", response_model=WebhookDeliveryOut, dependencies=[REPLAYS]
)
async def replay_one(webhook_id: UUID, delivery_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Sends one delivery once more, under the same id. Needs no If-Match, as above."""
    found = await _found(db, webhook_id)
    rules.must_allow("replay", rules.actions(caller, found["paused"]))
    await _delivered(db, webhook_id, delivery_id)
    await store.wake(db, webhook_id)
    await store.replay(db, delivery_id)
    await audit.record(db, "webhook.replayed", "webhook", webhook_id, None, {"delivery": delivery_id})
    return answer(_delivery(await _delivered(db, webhook_id, delivery_id), found, caller))


async def _must_be_possible(db: Session, given: WebhookIn, client: str, outside: Sender) -> None:
    await outside.addresses(destination(given.url))
    rules.must_be_granted(given.tenants, await integrators.granted(db, client))


async def _found(db: Session, webhook_id: UUID, *, lock: bool = False) -> RowMapping:
    found = await store.get(db, webhook_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def _held(db: Session, webhook_id: UUID, if_match: int) -> RowMapping:
    """Locked, and as the caller knows it."""
    found = await _found(db, webhook_id, lock=True)
    check(found["version"], if_match)
    return found


async def _delivered(db: Session, webhook_id: UUID, delivery_id: UUID) -> RowMapping:
    found = await store.delivery(db, webhook_id, delivery_id)
    if found is None:
        raise NotFound
    return found


async def _changed(db: Session, caller: Caller, before: RowMapping, what: str) -> Response:
    after = await _found(db, before["id"])
    await audit.record(db, what, "webhook", before["id"], _noted(before), _noted(after))
    return answer(_shown(after, caller), version=after["version"])


async def _with_new_secret(
    db: Session, caller: Caller, webhook_id: UUID, what: str, before: RowMapping | None, status: int
) -> Response:
    secret = signing.new_secret()
    await store.put_secret(db, webhook_id, secret)
    found = await _found(db, webhook_id)
    await audit.record(db, what, "webhook", webhook_id, _noted(before) if before else None, _noted(found))
    whole = WebhookSecret(**_shown(found, caller).model_dump(), secret=secret)
    shown = answer(whole, version=found["version"], status=status)
    shown.headers["Cache-Control"] = "no-store"
    return shown


def _noted(row: RowMapping) -> dict[str, Any]:
    """What the audit trail has of a webhook."""
    return {name: row[name] for name in ("integrator", "url", "types", "tenants", "ordering", "paused", "version")}


def _shown(row: RowMapping, caller: Caller) -> WebhookOut:
    return WebhookOut.model_validate({**row, "actions": rules.actions(caller, row["paused"])})


def _delivery(row: RowMapping, webhook: RowMapping, caller: Caller) -> WebhookDeliveryOut:
    replayable = "replay" in rules.actions(caller, webhook["paused"])
    return WebhookDeliveryOut.model_validate({**row, "actions": ["replay"] if replayable else []})
