"""Lists as Excel, and files that are made as a whole: all that fits, with the reader's rights and in the reader's
language. Long ones are made in the background, and come to the inbox.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter, Response

from chassis import clock
from chassis.spreadsheets import Sheet, write
from chassis.tenancy import Session
from portal.exports import store
from portal.exports.columns import Listed, Row
from portal.exports.files import FILES, WHOLES
from portal.exports.rules import AT_ONCE, LARGE, Export, State, TooMany
from portal.exports.wholes import Reading, Whole
from portal.session.rules import key_of
from portal.web import language
from portal.web.api import Api, Forbidden, Missing, Rejected
from portal.web.files import attached
from portal.web.language import t
from portal.web.lists import up_to
from portal.web.security import own_path
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/exports")


@asynccontextmanager
async def _own(visit: UserVisit) -> AsyncIterator[Session]:
    """The exports as the user may see them."""
    async with visit.request.app.state.database.session(visit.user) as db:
        yield db


async def ended(visit: UserVisit) -> list[Export]:
    """What of the user's is ready or has failed."""
    async with _own(visit) as db:
        return [export for export in await store.all_of(db) if export.state is not State.MAKING]


async def see(visit: UserVisit) -> list[Export]:
    """All of the user's, of which those that have ended count as seen from now on."""
    async with _own(visit) as db:
        found = await store.all_of(db)
        await store.see(db, [export.id for export in found if export.state is not State.MAKING])
    return found


@router.get("")
async def exports(visit: Visit) -> Response:
    """All of the user's that are kept."""
    found = await see(visit)
    return visit.render("exports/exports.html", exports=found, files=FILES)


@router.get("/_list")
async def renewed(visit: Visit) -> Response:
    """The list alone, for the page to renew while some are being made."""
    async with _own(visit) as db:
        return visit.render("exports/_list.html", exports=await store.all_of(db), files=FILES)


@router.post("/{name}")
async def export(visit: Visit, name: str) -> Response:
    """The file of a list, narrowed as its page is; of a long one, and of a whole, the place where it will be."""
    listed, given = FILES.get(name), visit.request.query_params
    if isinstance(listed, Whole):
        await _ask(visit, name, listed.query(given))
        return visit.redirect(
            "/exports", ("正在后台导出，完成后可在这里和收件箱下载", "Being made, and here when it is ready")
        )
    asked = listed.asked(given) if listed else None
    if listed is None or asked is None:
        raise Missing
    path, narrowed = asked
    try:
        rows = await up_to(visit.api, path, LARGE, **narrowed)
    except Forbidden as error:
        raise Missing from error
    if rows is not None:
        return await workbook(listed, rows)
    await _ask(visit, name, listed.query(given))
    said = (
        f"超过 {LARGE:,} 行，正在后台导出，完成后可在这里和收件箱下载",
        f"More than {LARGE:,} rows: it is being made, and can be downloaded here then",
    )
    return visit.redirect("/exports", said)


async def at_once(visit: UserVisit, name: str, given: Mapping[str, str]) -> Response:
    """The file of a whole; of a long one the page that offers to have it made."""
    whole = WHOLES[name]

    async def api() -> Api:
        return visit.api

    try:
        made = await whole.make(Reading(api, visit.user, visit.organization[0], LARGE), given)
    except TooMany:
        return visit.render("exports/large.html", words=whole.words, name=name, query=whole.query(given), rows=LARGE)
    return attached(made.content, made.name, made.media_type)


async def _ask(visit: UserVisit, name: str, query: str) -> None:
    """Rejected when too many are being made."""
    state = visit.request.app.state
    key = key_of(visit.request.cookies[state.cookies.session])
    async with _own(visit) as db:
        await store.hold(db)
        taken = await store.add(db, visit.user.sub, key, name, query, language.current(), clock.now())
    if not taken:
        title = ("未开始导出", "Not begun")
        detail = (
            f"您已有 {AT_ONCE} 个文件正在导出，请等其中一个完成后再试。",
            f"{AT_ONCE} files are being made for you; please wait until one of them is ready.",
        )
        raise Rejected.here(429, "too-many-exports", title, detail)
    state.making.asked.set()


@router.get("/{export_id}/file")
async def file(visit: Visit, export_id: UUID) -> Response:
    """The file of one of the user's own."""
    async with _own(visit) as db:
        found = await store.get(db, export_id)
        if found is None or found["content"] is None or found["list"] not in FILES:
            raise Missing
        await store.see(db, [export_id])
    return _file(FILES[found["list"]], found["content"])


@router.post("/{export_id}/reading")
async def read(visit: Visit, export_id: UUID) -> Response:
    """Marks what became of one as read."""
    async with _own(visit) as db:
        if not await store.see(db, [export_id]):
            raise Missing
    return visit.redirect(own_path(visit.field("next") or "/exports"))


async def workbook(listed: Listed, rows: Sequence[Row]) -> Response:
    """Rows of a list as a file."""
    name, columns = listed.heading()
    return _file(listed, await asyncio.to_thread(write, Sheet(name, columns, listed.cells(rows))))


def _file(of: Listed | Whole, content: bytes) -> Response:
    return attached(content, f"{t(*of.words)} {clock.today()}.{of.suffix}", of.media_type)
