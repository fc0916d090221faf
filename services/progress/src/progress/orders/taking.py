"""How steps of orders are taken: guarded, saved, noted as an entry, audited, told."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, answer, check
from chassis.tenancy import Db, Session
from progress import entries, offices
from progress.access import actor
from progress.attachments import rules as evidence
from progress.attachments import store as attachments
from progress.lines.rules import Actor, NotNow
from progress.meetings import changing as following
from progress.orders import events, rules, store
from progress.orders.rules import Action, Capacity, Order, Source
from progress.orders.schemas import OrderIn

BATCH = 50


@dataclass(frozen=True)
class Step:
    """A step that the caller may take with an order now."""

    db: Session
    actor: Actor
    order: Order
    action: Action
    today: date

    async def take(self, text: str, *, day: date | None = None, evidence: str = "") -> Response:
        capacity = rules.capacity(self.actor, self.order)
        said = {"text": text, "evidence": evidence}
        await take(self.db, self.order, capacity, self.action, self.today, said, day)
        body = await store.shown(self.db, self.actor, self.today, self.order.id)
        return answer(body, version=self.order.version + 1, status=201)


def on(action: Action) -> Callable[..., Coroutine[Any, Any, Step]]:
    """A dependency: the step on the order of the path, which is locked.

    404 when the caller may not see it, 403 when it may never do this, 412 when the order has moved on, 409 when it may
    not now.
    """

    async def guard(order_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Step:
        acting, seen = actor(caller), await store.get(db, order_id)
        if seen is None:
            raise NotFound
        rules.WORKFLOW.permit(rules.capacity(acting, seen), action)
        order = await store.lock(db, order_id)
        check((order or seen).version, if_match)
        if order is None:
            raise NotNow("该督办单在目前状态下不能进行此操作。")
        return Step(db, acting, order, action, today)

    return guard


async def take(
    db: Session,
    order: Order,
    capacity: Capacity,
    action: Action,
    today: date,
    said: Mapping[str, str],
    day: date | None = None,
) -> None:
    """Takes a step with a locked order; ``said``: text and evidence. A number is taken from its series when issued."""
    number = await store.next_number(db, today.year) if action is Action.ISSUE else None
    after = rules.take(order, capacity, action, today, day=day, number=number)
    if action is Action.CLOSE:
        evidence.must_be_evident((await attachments.count(db, order.id))[0])
        await attachments.freeze(db, evidence.Kind.ORDER, order.id, 1)
    await store.save(db, after)
    shown = day or (after.deadline if action is Action.APPROVE_EXTENSION else None)
    level = after.level if action is Action.URGE else None
    await entries.add(db, "order", order.id, rules.HAPPENED[action], {**said, "day": shown, "level": level})
    await _note(db, rules.HAPPENED[action], asdict(order), asdict(after), said["text"] or None)
    await following.follow(db, order.id, action, said, db.caller.name if db.caller else "system")
    if after.serial is not None:
        await events.tell(db, rules.HAPPENED[action], order.id)


async def register(db: Session, given: OrderIn, today: date, name: str) -> UUID:
    """Registers an order (立项), known to the province alone until it is issued; for meetings, too.

    Raises Invalid, or what is wrong with its day; the caller is the province.
    """
    rules.must_be_coming(given.deadline, today)
    await _must_exist(db, given)
    columns = given.model_dump(exclude={"lines"})
    order_id = await store.register(db, columns, offices.jurisdiction(given.lead), given.lines, name)
    await entries.add(db, "order", order_id, "registered", {})
    after = asdict(await _stored(db, order_id)) | {"title": given.title, "requirement": given.requirement}
    await _note(db, "registered", None, after, None)
    return order_id


async def urge(db: Session, today: date) -> int:
    """The chore that urges orders (催办) that are not signed for or overdue; how many."""
    orders = await store.lock_to_urge(db, today, BATCH)
    for order in orders:
        await take(db, order, Capacity.CLOCK, Action.URGE, today, {"text": "", "evidence": ""})
    return len(orders)


async def end_with(db: Session, zone: str, why: str, today: date) -> None:
    """Revokes what a zone leads when it is closed (随片区撤销): nobody is left to carry it out."""
    for order in await store.lock_open(db, f"zone:{zone}"):
        said = {"text": f"片区已撤销，督办随之终止。{why}", "evidence": ""}
        await take(db, order, Capacity.CLOCK, Action.REVOKE, today, said)


async def _must_exist(db: Session, given: OrderIn) -> None:
    if await offices.unknown(db, [given.lead]):
        raise Invalid("/body/lead", "没有这个牵头单位，或其事务由片区承办")
    if given.lead in given.members or len(set(given.members)) < len(given.members):
        raise Invalid("/body/members", "单位重复")
    if await offices.unknown(db, given.members):
        raise Invalid("/body/members", "没有其中的某个单位，或其事务由片区承办")
    if given.source is Source.LINES and not given.lines:
        raise Invalid("/body/lines", "来源为推进事项的，应列出事项")
    if await store.known_lines(db, given.lines) < len(given.lines):
        raise Invalid("/body/lines", "没有其中的某个事项，或有重复")


async def _stored(db: Session, order_id: UUID) -> Order:
    found = await store.get(db, order_id)
    assert found is not None  # noqa: S101 - the transaction made it
    return found


async def _note(
    db: Session, what: str, before: dict[str, Any] | None, after: dict[str, Any], reason: str | None
) -> None:
    """In the chain of the acting zone: a member's may be another than that of the order."""
    caller = db.caller
    tenant = caller.tenant if caller and caller.scope == "tenant" else after["jurisdiction"]
    await audit.record(db, f"order.{what}", "order", after["id"], before, after, tenant=tenant, reason=reason)
