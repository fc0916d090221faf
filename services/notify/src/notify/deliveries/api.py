"""The delivery log (消息投递记录), for those who run the system and the province: what became of each message."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis import audit, clock, pages
from chassis.auth import Role, allow
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, RowMapping, Session
from notify import channels
from notify.deliveries import rules, store
from notify.deliveries.rules import State
from notify.deliveries.schemas import ChannelOut, DeliveryOut, DeliveryPage, DeliveryWhole

router = Router(tags=["deliveries"], dependencies=[allow(Role.OPERATOR, Role.PROVINCE)])
Channel = Annotated[Filter, Query(description="Code of a channel, such as mail")]


@router.get("/deliveries", response_model=DeliveryPage)
async def deliveries(
    db: Db,
    channel: Channel | None = None,
    state: State | None = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Messages and their states, newest first; neither what they say nor the whole address."""
    rows = await store.page(db, channel=channel, state=state, limit=limit, cursor=cursor)
    items = [_shown(row) for row in rows[:limit]]
    following = pages.encode(items[-1].id) if len(rows) > limit else None
    known = [ChannelOut(code=code, name=words[0], name_en=words[1]) for code, words in _words()]
    return answer(DeliveryPage(items=items, next=following, channels=known))


@router.get("/deliveries/{delivery_id}", response_model=DeliveryWhole)
async def delivery(delivery_id: UUID, db: Db) -> Response:
    """One message with each try: when, how long, and what came of it."""
    return answer(await _whole(db, delivery_id))


@router.post("/deliveries/{delivery_id}/retry", response_model=DeliveryWhole)
async def retry(delivery_id: UUID, db: Db) -> Response:
    """Sends at once, under the same id, what was given up or waits for its next try. Needs no If-Match: it changes
    nothing that could be stale. 409 for what is being sent or has arrived.
    """
    found = await _found(db, delivery_id, lock=True)
    if "retry" not in _shown(found).actions:
        raise rules.NotNow
    await store.retry(db, delivery_id)
    before = {"state": found["state"], "error": found["error"]}
    await audit.record(db, "delivery.retried", "delivery", delivery_id, before, {"state": State.CREATED})
    return answer(await _whole(db, delivery_id))


def _words() -> list[tuple[str, channels.Both]]:
    return [(code, module.WORDS) for code, module in channels.modules().items()]


async def _found(db: Session, delivery_id: UUID, *, lock: bool = False) -> RowMapping:
    found = await store.get(db, delivery_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def _whole(db: Session, delivery_id: UUID) -> DeliveryWhole:
    shown = _shown(await _found(db, delivery_id))
    return DeliveryWhole(**shown.model_dump(), tries=await store.attempts(db, delivery_id))


def _shown(row: RowMapping) -> DeliveryOut:
    return DeliveryOut.model_validate({**row, "actions": rules.actions(row["state"], row["held_until"], clock.now())})
