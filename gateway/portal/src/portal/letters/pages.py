"""Dead letters (死信): what consumers gave up; the operator retries them, or discards them with a reason."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from portal.web.addresses import address
from portal.web.api import Rejected
from portal.web.formats import pretty
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/dead-letters")
PAGE = 30
Of = Literal["progress", "notify"]
ACTS: dict[str, Both] = {"retry": ("已重新投递", "Handed to its consumer again"), "discarding": ("已作废", "Discarded")}


@router.get("")
async def letters(
    visit: Visit,
    of: Of = "progress",
    state: Literal["waiting", "retried", "discarded"] = "waiting",
    cursor: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """What the consumers of a service gave up, newest first."""
    return await _list(visit, of, state, cursor)


@router.get("/{of}/{letter_id}")
async def letter(visit: Visit, of: Of, letter_id: UUID) -> Response:
    """One: why, what it says, and the trace of the change that it tells of."""
    return await _page(visit, of, letter_id)


@router.post("/{of}/_retry")
async def retry_all(visit: Visit, of: Of) -> Response:
    """Hands all that were shown, and those before them, to their consumers again."""
    try:
        done = await visit.api.post(
            f"/api/{of}/v1/dead-letter-retries",
            json={"until": visit.field("until")},
            idempotency_key=visit.idempotency_key,
        )
    except Rejected as problem:
        return await _list(visit, of, "waiting", "", problem)
    number = done["retried"]
    return visit.redirect(f"/dead-letters?of={of}", (f"已重新投递 {number} 条", f"{number} handed over again"))


@router.post("/{of}/{letter_id}/{act}")
async def act(visit: Visit, of: Of, letter_id: UUID, act: Literal["retry", "discarding"]) -> Response:
    """Retries or discards one."""
    body = {"reason": visit.field("reason")} if act == "discarding" else None
    path = f"/api/{of}/v1/dead-letters/{letter_id}/{act}"
    try:
        await visit.api.post(path, json=body, if_match=visit.if_match, idempotency_key=visit.idempotency_key)
    except Rejected as problem:
        return await _page(visit, of, letter_id, problem)
    return visit.redirect(f"/dead-letters?of={of}", ACTS[act])


async def _list(visit: UserVisit, of: str, state: str, cursor: str, problem: Rejected | None = None) -> Response:
    found = await visit.api.get(f"/api/{of}/v1/dead-letters", state=state, cursor=cursor, limit=PAGE)
    return visit.render(
        "letters/letters.html",
        status=problem.status if problem else 200,
        of=of,
        state=state,
        cursor=cursor,
        found=found,
        newest=None if cursor else max((each["buried_at"] for each in found["items"]), default=None),
        here=address("/dead-letters", of=of, state=state),
        address=address,
        problem=problem,
    )


async def _page(visit: UserVisit, of: str, letter_id: UUID, problem: Rejected | None = None) -> Response:
    found = await visit.api.get(f"/api/{of}/v1/dead-letters/{letter_id}")
    status = problem.status if problem else 200
    payload = _readable(found["value"])
    return visit.render("letters/letter.html", status=status, of=of, letter=found, payload=payload, problem=problem)


def _readable(value: str) -> str:
    """JSON in lines; what is none as it came."""
    try:
        known: Any = json.loads(value)
    except ValueError:
        return value
    return pretty(known)
