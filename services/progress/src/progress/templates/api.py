"""Templates (进度模板) of plans: read by all who plan by them, changed by the province."""

import json
from typing import Annotated

from fastapi import Path, Response

from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ
from progress.templates import store
from progress.templates.schemas import TemplateIn, TemplateOut, Templates

router = Router(tags=["templates"])
Plan = Annotated[str, Path(max_length=64, pattern=r"^[a-z0-9-]+$", description="A plan's code")]


@router.get("/templates", response_model=Templates, dependencies=[READ])
async def templates(db: Db) -> Response:
    """The stages of every plan's schedules."""
    return answer(b'{"items":%b,"next":null}' % await store.every(db))


@router.get("/templates/{code}", response_model=TemplateOut, dependencies=[READ])
async def template(code: Plan, db: Db) -> Response:
    """The stages that a schedule of this plan begins with."""
    return await _answer(db, code)


@router.put("/templates/{code}", response_model=TemplateOut, dependencies=[DECIDE])
async def change(code: Plan, given: TemplateIn, db: Db, if_match: IfMatch) -> Response:
    """Changes what is proposed from now on; schedules that there are stay as they are."""
    if await store.of_plan(db, code) is None:
        raise NotFound
    await store.put(db, code, given.model_dump(), if_match)
    return await _answer(db, code)


async def _answer(db: Session, code: str) -> Response:
    body = await store.of_plan(db, code)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"])
