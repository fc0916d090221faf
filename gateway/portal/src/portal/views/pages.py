"""Saved views (常用视图) of the list of lines: one's own, and those shared within the office."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.auth import Role
from chassis.tenancy import RowMapping, Session
from portal.views import rules, store
from portal.web.api import Missing, Rejected
from portal.web.visit import UserVisit, Visit
from portal.web.words import Both

router = APIRouter(prefix="/lines/_views")
DONE: dict[str, Both] = {
    "rename": ("名称已修改", "Renamed"),
    "share": ("已共享给本单位", "Shared with your organization"),
    "withdraw": ("已取消共享", "No longer shared"),
    "standard": ("已设为默认视图", "The list opens with it from now on"),
    "usual": ("已取消默认视图", "The list opens with all lines from now on"),
    "remove": ("视图已删除", "The view is removed"),
}


@asynccontextmanager
async def _views(visit: UserVisit) -> AsyncIterator[Session]:
    """The views as the user may see and change them."""
    async with visit.request.app.state.database.session(visit.user) as db:
        yield db


async def all_of(visit: UserVisit) -> Sequence[RowMapping]:
    """The views that the user may open."""
    async with _views(visit) as db:
        return await store.all_of(db)


async def standard(visit: UserVisit) -> str | None:
    """The query with which the user's list opens."""
    async with _views(visit) as db:
        return await store.standard(db)


@router.get("")
async def views(visit: Visit) -> Response:
    """All of them, to be renamed, shared, made the one that the list opens with, or removed."""
    return await _page(visit)


async def _page(visit: UserVisit, problem: Rejected | None = None, changing: UUID | None = None) -> Response:
    return visit.render(
        "views/views.html",
        status=problem.status if problem else 200,
        views=await all_of(visit),
        problem=problem,
        changing=changing,
        longest=rules.NAME_LENGTH,
        ADMIN=Role.ADMIN,
    )


@router.post("")
async def save(visit: Visit) -> Response:
    """Keeps the list that was shown under a name."""
    name, query = visit.field("name"), rules.query(visit.field("query"))
    async with _views(visit) as db:
        await store.hold(db)
        wrong = rules.unfit(name, query, await store.others(db, name))
        if not wrong and query:
            await store.put(db, name, query, visit.user.name, shared=bool(visit.field("shared")))
    if wrong:
        return await _page(visit, _refused(wrong))
    return visit.redirect(f"/lines?{query}", ("视图已保存", "The view is saved"))


@router.post("/{view_id}")
async def change(visit: Visit, view_id: UUID) -> Response:
    """Does with one of the user's own what the form says; what is shared, an office's administrators remove too."""
    act, name = visit.field("act"), visit.field("name")
    if act not in DONE:
        raise Missing
    async with _views(visit) as db:
        await store.hold(db)
        if act == "rename" and (wrong := await _misnamed(db, view_id, name)):
            return await _page(visit, _refused(wrong), view_id)
        if not await _do(db, act, view_id, name):
            raise Missing
    return visit.redirect("/lines/_views", DONE[act])


async def _misnamed(db: Session, view_id: UUID, name: str) -> dict[str, Both]:
    wrong = dict(rules.unfit(name, "", 0))
    if await store.named(db, name) not in (None, view_id):
        wrong["name"] = ("已有同名视图", "There is one of this name already")
    return wrong


async def _do(db: Session, act: str, view_id: UUID, name: str) -> int:
    if act == "rename":
        return await store.rename(db, view_id, name)
    if act == "remove":
        return await store.remove(db, view_id)
    if act in ("share", "withdraw"):
        return await store.share(db, view_id, shared=act == "share")
    return await store.open_with(db, view_id, standard=act == "standard")


def _refused(wrong: Mapping[str, Both]) -> Rejected:
    return Rejected.here(422, "invalid", ("未保存", "Not saved"), ("请修改后重试。", "Please correct it."), wrong)
