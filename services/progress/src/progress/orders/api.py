"""Orders (督办单): issued, urged, reviewed and closed by the province; signed for and answered by offices."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress import entries
from progress.access import DECIDE, READ, WRITE, actor
from progress.entries import EntryPage
from progress.orders import store, taking
from progress.orders.rules import Action
from progress.orders.schemas import Closing, Extension, Issuance, OrderIn, OrderOut, OrderPage, Remark, Said
from progress.orders.taking import Step, on

router = Router(tags=["orders"])
_TAKEN: dict[str, Any] = {"response_model": OrderOut, "status_code": 201}


@router.get("/orders", response_model=OrderPage, dependencies=[READ])
async def orders(
    db: Db,
    caller: CallerDep,
    today: Today,
    state: Annotated[Filter | None, Query(description="One of the states")] = None,
    colour: Annotated[Filter | None, Query(description="blue, yellow or red, of those that are not ended")] = None,
    office: Annotated[Filter | None, Query(description="Lead or member: `zone:hefei`, `unit:swt`")] = None,
    line: Annotated[UUID | None, Query(description="A line's id")] = None,
    open: Annotated[bool | None, Query(description="Neither closed nor revoked")] = None,
    overdue: Annotated[bool | None, Query(description="Not answered by its day")] = None,
    waiting: Annotated[bool | None, Query(description="It is the caller's turn")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The orders that the caller may see, newest first. An unknown code finds nothing."""
    given = {"state": state, "colour": colour, "party": office, "line": line, "open": open, "waiting": waiting}
    given["overdue"] = overdue
    filters = {name: value for name, value in given.items() if value is not None}
    return answer(await store.page(db, actor(caller), today, filters, limit=limit, cursor=cursor))


@router.post("/orders", dependencies=[DECIDE], **_TAKEN)
async def register(given: OrderIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Registers an order (立项): nobody else knows of it, and it has no number, until it is issued."""
    order_id = await taking.register(db, given, today, caller.name)
    return answer(await store.shown(db, actor(caller), today, order_id), version=1, status=201)


@router.get("/orders/{order_id}", response_model=OrderOut, dependencies=[READ])
async def order(order_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """One order. Its colour grows by the day, without a new version."""
    body = await store.shown(db, actor(caller), today, order_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"])


@router.get("/orders/{order_id}/entries", response_model=EntryPage, dependencies=[READ])
async def story(
    order_id: UUID, db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """Every step that was taken with the order, from the beginning."""
    if await store.get(db, order_id) is None:
        raise NotFound
    return answer(await entries.page(db, "order", order_id, limit=limit, cursor=cursor))


@router.post("/orders/{order_id}/issuance", dependencies=[DECIDE], **_TAKEN)
async def issue(given: Issuance, step: Annotated[Step, Depends(on(Action.ISSUE))]) -> Response:
    """Issues it to its offices (交办), with the next number of the year."""
    return await step.take(given.text, day=given.sign_due)


@router.post("/orders/{order_id}/receipt", dependencies=[WRITE], **_TAKEN)
async def sign(given: Remark, step: Annotated[Step, Depends(on(Action.SIGN))]) -> Response:
    """Signs for it (签收), by the lead office."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/replies", dependencies=[WRITE], **_TAKEN)
async def reply(given: Said, step: Annotated[Step, Depends(on(Action.REPLY))]) -> Response:
    """Tells how far it is (办理反馈), as often as there is news, by lead or members."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/urgings", dependencies=[DECIDE], **_TAKEN)
async def urge(given: Remark, step: Annotated[Step, Depends(on(Action.URGE))]) -> Response:
    """Urges the lead office (催办), a level higher each time."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/extension", dependencies=[WRITE], **_TAKEN)
async def extend(given: Extension, step: Annotated[Step, Depends(on(Action.EXTEND))]) -> Response:
    """Asks for more time (延期申请)."""
    return await step.take(given.text, day=given.deadline)


@router.post("/orders/{order_id}/extension/approval", dependencies=[DECIDE], **_TAKEN)
async def approve(given: Remark, step: Annotated[Step, Depends(on(Action.APPROVE_EXTENSION))]) -> Response:
    """Makes the later deadline the present one; the first one stays known."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/extension/refusal", dependencies=[DECIDE], **_TAKEN)
async def refuse(given: Said, step: Annotated[Step, Depends(on(Action.REFUSE_EXTENSION))]) -> Response:
    """Leaves the deadline as it is, with a reason."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/application", dependencies=[WRITE], **_TAKEN)
async def apply(given: Said, step: Annotated[Step, Depends(on(Action.APPLY))]) -> Response:
    """Says that it is done and asks to conclude it (办结申请)."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/return", dependencies=[DECIDE], **_TAKEN)
async def give_back(given: Said, step: Annotated[Step, Depends(on(Action.RETURN))]) -> Response:
    """Returns what was done (退回), with a reason; also when it does not stand the verification."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/conclusion", dependencies=[DECIDE], **_TAKEN)
async def conclude(given: Remark, step: Annotated[Step, Depends(on(Action.CONCLUDE))]) -> Response:
    """Accepts what was done (办结); it is still to be verified and closed."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/verification", dependencies=[DECIDE], **_TAKEN)
async def verify(given: Said, step: Annotated[Step, Depends(on(Action.VERIFY))]) -> Response:
    """Says what a look at the matter itself has shown (核验)."""
    return await step.take(given.text)


@router.post("/orders/{order_id}/closure", dependencies=[DECIDE], **_TAKEN)
async def close(given: Closing, step: Annotated[Step, Depends(on(Action.CLOSE))]) -> Response:
    """Takes it off the books (销号), with evidence."""
    return await step.take(given.text, evidence=given.evidence)


@router.post("/orders/{order_id}/revocation", dependencies=[DECIDE], **_TAKEN)
async def revoke(given: Said, step: Annotated[Step, Depends(on(Action.REVOKE))]) -> Response:
    """Ends it unanswered (撤销), with a reason; its number is not given to another."""
    return await step.take(given.text)
