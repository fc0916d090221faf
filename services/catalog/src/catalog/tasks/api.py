"""Tasks (任务): filtered, searched, one by one; read by everyone."""

from typing import Annotated

from fastapi import Query, Request, Response

from catalog.access import READ, tag
from catalog.editions import store as editions
from catalog.names import TaskCode, Words
from catalog.tasks import rules, store
from catalog.tasks.schemas import Role, TaskOut, TaskPage
from chassis import pages
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db

router = Router(tags=["tasks"])
NONE = b'{"items":[],"next":null}'
EditionNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Number of a published edition")]


@router.get("/tasks", response_model=TaskPage, dependencies=[READ])
async def tasks(
    db: Db,
    plan: Annotated[Filter | None, Query(description="A plan's code")] = None,
    zone: Annotated[Filter | None, Query(description="A zone's code")] = None,
    unit: Annotated[Filter | None, Query(description="A unit's code, name or alias")] = None,
    role: Annotated[Role | None, Query(description="The unit's part")] = None,
    q: Annotated[Words | None, Query(description="Phrases that stand in title or text, all of them")] = None,
    edition: EditionNumber = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The tasks of the present catalog or of an earlier edition, by plan and number. An unknown code finds nothing."""
    if edition and await editions.get(db, edition) is None:
        return answer(NONE)
    given = {"plan": plan, "zone": zone, "unit": unit, "query": rules.query(q or "")}
    filters = {name: value for name, value in given.items() if value}
    return answer(await store.page(db, edition, filters, role, limit=limit, cursor=cursor))


@router.get("/tasks/{code}", response_model=TaskOut, dependencies=[READ])
async def task(code: TaskCode, db: Db, request: Request, edition: EditionNumber = None) -> Response:
    """One task as it is now or was in an edition."""
    known = edition is None or await editions.get(db, edition) is not None
    body = await store.shown(db, code, edition) if known else None
    if body is None:
        raise NotFound
    return answer(body, tag=tag(body), request=request)
