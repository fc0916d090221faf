"""Orders (督办单): the list, the form to register one, one order with its story and what can be done with it."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.auth import Role
from portal.attachments import listing
from portal.lines.words import options
from portal.orders.words import ACTS, MADE, day_words
from portal.web import steps
from portal.web.addresses import Short, address
from portal.web.api import Forbidden, Rejected
from portal.web.offices import NONE, offices
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/orders")
API = "/api/progress/v1"
PAGE, ENTRIES = 25, 200
ISSUE = "issue"


class Filters(BaseModel):
    """What a list of orders is narrowed by, as it stands in its address; empty means all."""

    state: Short = ""
    colour: Short = ""
    office: Short = ""
    open: Annotated[str, Field(pattern="^(true|false)?$")] = ""
    overdue: Annotated[str, Field(pattern="^(true|false)?$")] = ""
    waiting: Annotated[str, Field(pattern="^(true|false)?$")] = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @property
    def here(self) -> str:
        """The first page of this list."""
        return address("/orders", **self.model_dump(exclude={"cursor"}))


@router.get("")
async def orders(visit: Visit, filters: Annotated[Filters, Query()]) -> Response:
    """The orders that fit, newest first."""
    found, known = await asyncio.gather(
        visit.api.get(f"{API}/orders", **filters.model_dump(), limit=PAGE), visit.unless_away(offices(visit.api))
    )
    return visit.render("orders/orders.html", found=found, filters=filters, offices=known or NONE, options=options)


@router.get("/_new")
async def form(visit: Visit, line: Annotated[list[UUID] | None, Query(max_length=100)] = None) -> Response:
    """The form to register an order, on lines or alone; for the province."""
    return await _form(visit, [str(each) for each in line or ()])


@router.post("/_new")
async def register(visit: Visit) -> Response:
    """Registers an order, and issues it at once if that is wanted; or shows the form again with what is wrong."""
    lines = steps.ids(visit.column("lines"))
    if visit.field("act") == ISSUE and not visit.field("sign_due"):
        return await _form(visit, lines, _no_sign_due())
    said: dict[str, Any] = {
        name: visit.field(name) for name in ("title", "requirement", "source", "basis", "lead", "deadline")
    }
    body = said | {"lines": lines, "members": [each for each in visit.column("members") if each]}
    try:
        made = await visit.api.post(f"{API}/orders", json=body, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _form(visit, lines, problem)
    if visit.field("act") == ISSUE:
        return await _issue(visit, made)
    return visit.redirect(
        f"/orders/{made['id']}", ("已立项，请确定签收时限后交办", "Registered; issue it when you are ready")
    )


def _no_sign_due() -> Rejected:
    return Rejected.here(
        422,
        "invalid",
        ("未立项", "Not registered"),
        ("立项并交办须填写签收时限。", "To issue it at once, say until when it is to be signed for."),
        {"sign_due": ("必填", "Required")},
    )


async def _issue(visit: UserVisit, made: dict[str, Any]) -> Response:
    """Issues what was just registered, or shows that with why it was not issued."""
    key = visit.idempotency_key and f"{visit.idempotency_key}-{ISSUE}"
    path, body = f"{API}/orders/{made['id']}/issuance", {"sign_due": visit.field("sign_due")}
    try:
        await visit.api.post(path, json=body, if_match=made["version"], idempotency_key=key)
    except Rejected as problem:
        return await _show(visit, made["id"], problem)
    return visit.redirect(f"/orders/{made['id']}", ACTS[ISSUE].done)


async def _form(visit: UserVisit, lines: list[str], problem: Rejected | None = None) -> Response:
    if not visit.has(Role.PROVINCE):
        raise Forbidden
    known, *about = await asyncio.gather(offices(visit.api), *(visit.api.get(f"{API}/lines/{line}") for line in lines))
    return visit.render(
        "orders/new.html",
        status=problem.status if problem else 200,
        offices=known,
        lines=about,
        members=visit.column("members") if problem else [],
        problem=problem,
    )


@router.get("/{order_id}")
async def order(visit: Visit, order_id: UUID) -> Response:
    """One order with everything that happened to it."""
    return await _show(visit, order_id)


@router.post("/{order_id}")
async def do(visit: Visit, order_id: UUID) -> Response:
    """Takes the step that the form says, or shows it again with what is wrong."""
    try:
        done = await steps.take(visit, ACTS, f"{API}/orders/{order_id}")
    except Rejected as problem:
        return await _show(visit, order_id, problem)
    return visit.redirect(f"/orders/{order_id}", done)


async def _show(visit: UserVisit, order_id: UUID, problem: Rejected | None = None) -> Response:
    path = f"{API}/orders/{order_id}"
    shown, told, attached = await asyncio.gather(
        visit.api.get(path),
        visit.api.get(f"{path}/entries", limit=ENTRIES),
        listing.of(visit, "order", order_id),
    )
    return visit.render(
        "orders/order.html",
        status=problem.status if problem else 200,
        order=shown,
        entries=told["items"],
        attached=attached,
        acts=ACTS,
        made=MADE,
        day_words=day_words,
        act=visit.field("act") if problem else "",
        problem=problem,
        typed=steps.typed(visit) if problem else {},
    )
