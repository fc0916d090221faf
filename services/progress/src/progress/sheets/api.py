"""A period's filings by Excel: the filled template out, the same sheet in, previewed row by row, then confirmed."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Query, Response, UploadFile

from chassis import spreadsheets, uploads
from chassis.auth import Caller, CallerDep
from chassis.clock import Today
from chassis.problems import Forbidden, NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, Session
from progress.access import SCHEDULE, actor
from progress.periods import store as periods
from progress.sheets import confirming, rules, showing, store
from progress.sheets.rules import Kept
from progress.sheets.schemas import ConfirmationIn, ConfirmationOut, Outcome, SheetOut
from progress.sheets.showing import Own

router = Router(tags=["sheets"])


@dataclass(frozen=True)
class Desk:
    """A period as the caller fills it in: for its ``office``, or as the province, with the ``reason`` of a takeover."""

    period_id: UUID
    office: str | None
    reason: str | None

    @property
    def takeover(self) -> bool:
        return self.reason is not None


async def _desk(db: Session, caller: Caller, period_id: UUID) -> Desk:
    """404 for a period that the caller has nothing to do with."""
    period = await periods.get(db, period_id)
    if period is None:
        raise NotFound
    if caller.scope == "all":
        return Desk(period_id, None, period["reason"] if period["takeover"] else None)
    return Desk(period_id, actor(caller).office, None)


async def _filling(db: Session, caller: Caller, period_id: UUID) -> Desk:
    """For those who fill in: offices, and the province in a period that it takes over."""
    desk = await _desk(db, caller, period_id)
    if desk.office is None and not desk.takeover:
        raise Forbidden("填报由片区和责任单位上传；省自贸办只能接管历史报告期。")
    return desk


@router.get(
    "/periods/{period_id}/sheet",
    response_class=Response,
    responses={200: {"content": {spreadsheets.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
    dependencies=[SCHEDULE],
)
async def template(
    period_id: UUID,
    db: Db,
    caller: CallerDep,
    today: Today,
    office: Annotated[Filter | None, Query(description="Who files: `zone:<code>` or `unit:<code>`")] = None,
) -> Response:
    """The sheet of what the caller may fill in now, filled with what is there; the province's of any office."""
    desk = await _desk(db, caller, period_id)
    named = await store.named(db, period_id, desk.office or office)
    asked = [
        each
        for each in named
        if office in (None, each.filing.office) and rules.fillable(each.filing, today, takeover=desk.takeover)
    ]
    content = await asyncio.to_thread(rules.template, asked, takeover=desk.takeover)
    return Response(content, headers={"Cache-Control": "private, no-cache"}, media_type=spreadsheets.MEDIA_TYPE)


@router.post("/periods/{period_id}/sheets", response_model=SheetOut, status_code=201, dependencies=[SCHEDULE])
async def upload(
    period_id: UUID,
    file: Annotated[UploadFile, File(description="The filled sheet as .xlsx, at most 5 MB")],
    db: Db,
    caller: CallerDep,
    today: Today,
) -> Response:
    """Reads a filled sheet row by row; nothing changes. Errors name their cells. 422 for a file that is none."""
    desk = await _filling(db, caller, period_id)
    filename = uploads.filename(file.filename, (".xlsx",))
    content = await uploads.content(file)
    rows = await asyncio.to_thread(rules.rows, content, takeover=desk.takeover, today=today)
    office = actor(caller).office
    sheet_id = await store.put(db, period_id, office, filename, uploads.digest(content), rows, caller.name)
    return await _shown(db, desk, caller, today, sheet_id, status=201)


@router.get("/periods/{period_id}/sheets/{sheet_id}", response_model=SheetOut, dependencies=[SCHEDULE])
async def sheet(period_id: UUID, sheet_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """An uploaded sheet of the caller's office, held against the filings as they are now."""
    return await _shown(db, await _desk(db, caller, period_id), caller, today, sheet_id)


@router.post(
    "/periods/{period_id}/sheets/{sheet_id}/confirmation", response_model=ConfirmationOut, dependencies=[SCHEDULE]
)
async def confirm(
    period_id: UUID,
    sheet_id: UUID,
    db: Db,
    caller: CallerDep,
    today: Today,
    given: ConfirmationIn | None = None,
) -> Response:
    """Fills in the drafts of its rows, or takes them over, each with its own result; again, it changes nothing.

    409 while rows have errors. What others have changed since the download stays, unless it is to be overwritten.
    """
    desk = await _desk(db, caller, period_id)
    found = await store.get(db, period_id, sheet_id)
    if found is None:
        raise NotFound
    own = await _own(db, desk, found["rows"])
    rows = showing.sound(found["rows"], own)
    if any(row["errors"] for row in rows):
        raise rules.Unsound
    results = await confirming.confirm(db, rows, own.named, given or ConfirmationIn(), today, takeover=desk.reason)
    counts = Counter(result.outcome for result in results)
    return answer(ConfirmationOut(counts={outcome: counts[outcome] for outcome in Outcome}, results=results))


async def _own(db: Session, desk: Desk, rows: list[Kept]) -> Own:
    named = {each.filing.id: each for each in await store.named(db, desk.period_id, desk.office)}
    others = {UUID(row["filing"]) for row in rows if row["filing"]} - named.keys()
    return Own(named, await store.periods_of(db, list(others), desk.period_id, desk.office))


async def _shown(
    db: Session, desk: Desk, caller: Caller, today: date, sheet_id: UUID, *, status: int = 200
) -> Response:
    found: Any = await store.get(db, desk.period_id, sheet_id)
    if found is None:
        raise NotFound
    own = await _own(db, desk, found["rows"])
    shown = await asyncio.to_thread(showing.sheet, found, own, caller, today, takeover=desk.takeover)
    return answer(shown, status=status)
