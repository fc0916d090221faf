"""Interfaces for other systems (开放接口): events, and operations to try under the rights of whoever looks."""

from typing import Annotated

import httpx
from fastapi import APIRouter, Path, Request, Response

from portal.interfaces.reading import Events, Operation, fields, operations, sample
from portal.web.api import Missing
from portal.web.formats import pretty
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/interfaces")
SERVICES = ("catalog", "progress", "notify")
MOST_SHOWN = 20_000
Service = Annotated[str, Path(pattern="^(catalog|progress|notify)$")]
Id = Annotated[str, Path(pattern="^[a-z0-9_]{1,200}$")]


@router.get("")
async def interfaces(visit: Visit) -> Response:
    """How other systems are connected, and what there is for them."""
    return visit.render("interfaces/interfaces.html", services=SERVICES)


@router.get("/events")
async def events(visit: Visit, request: Request) -> Response:
    """All types of events by channel."""
    known: Events = request.app.state.events
    return visit.render("interfaces/events.html", document=known.document, schemas=known.schemas)


@router.get("/events/{name}")
async def event(visit: Visit, request: Request, name: str) -> Response:
    """One type: what its data mean."""
    known: Events = request.app.state.events
    schema = known.schemas.get(name)
    if schema is None:
        raise Missing
    return visit.render("interfaces/event.html", name=name, schema=schema, fields=fields(schema, schema))


@router.get("/api/{service}")
async def api(visit: Visit, service: Service) -> Response:
    """The operations of a service."""
    groups: dict[str, list[Operation]] = {}
    for operation in await _operations(visit, service):
        groups.setdefault(operation.described["tags"][0], []).append(operation)
    return visit.render("interfaces/api.html", service=service, services=SERVICES, groups=groups)


@router.get("/api/{service}/{name}")
async def operation(visit: Visit, service: Service, name: Id) -> Response:
    """One operation, and a form to try it."""
    return _shown(visit, service, await _operation(visit, service, name))


@router.post("/api/{service}/{name}")
async def attempt(visit: Visit, service: Service, name: Id) -> Response:
    """Does it, as whoever looks, and shows the answer."""
    operation = await _operation(visit, service, name)
    if not operation.can_be_tried:
        raise Missing
    sent: dict[str, dict[str, str]] = {"path": {}, "query": {}, "header": {}}
    for parameter in operation.parameters:
        if given := visit.field(f"{parameter['in']}.{parameter['name']}"):
            sent[parameter["in"]][parameter["name"]] = given
    if {".", ".."} & set(sent["path"].values()):
        raise Missing
    body = visit.field("body")
    headers = sent["header"] | ({"Content-Type": "application/json"} if body else {})
    answer = await visit.api.attempt(
        operation.method, operation.address(sent["path"]), params=sent["query"], headers=headers, content=body.encode()
    )
    return _shown(visit, service, operation, answer)


async def _operations(visit: UserVisit, service: str) -> list[Operation]:
    return operations(await visit.api.get(f"/api/{service}/openapi.json"))


async def _operation(visit: UserVisit, service: str, name: str) -> Operation:
    for operation in await _operations(visit, service):
        if operation.id == name:
            return operation
    raise Missing


def _shown(visit: UserVisit, service: str, operation: Operation, answer: httpx.Response | None = None) -> Response:
    body = operation.body
    return visit.render(
        "interfaces/operation.html",
        service=service,
        operation=operation,
        body_fields=fields(operation.document, body) if body else [],
        sample=pretty(sample(operation.document, body)) if body else "",
        answer=answer,
        text=_text(answer) if answer else "",
    )


def _text(answer: httpx.Response) -> str:
    """What came back, up to its first 20,000 characters."""
    if "json" not in answer.headers.get("content-type", ""):
        return f"{len(answer.content)} bytes" if answer.content else ""
    return pretty(answer.json())[:MOST_SHOWN]
