"""Bulletins (通报): drafted from facts, edited and published by the province; read by those they are addressed to."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Query, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ
from progress.bulletins import documents, drafting, events, facts, rules, store
from progress.bulletins.drafting import Fact, Part
from progress.bulletins.rules import ALL, Action, Status
from progress.bulletins.schemas import (
    BulletinIn,
    BulletinOut,
    BulletinPage,
    DraftIn,
    FactPage,
    Format,
    PublicationIn,
)
from progress.lines.rules import PROVINCE
from progress.periods import store as periods

router = Router(tags=["bulletins"])
Row = dict[str, Any]


def _for(action: Action) -> Callable[..., Coroutine[Any, Any, Row]]:
    """A dependency: the bulletin of the path, locked, on which the province may do this now."""

    async def guard(bulletin_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Row:
        bulletin = await store.get(db, bulletin_id, lock=True)
        if bulletin is None:
            raise NotFound
        check(bulletin["version"], if_match)
        rules.must_allow(action, caller.scope, Status(bulletin["status"]))
        return dict(bulletin)

    return guard


@router.get("/bulletins", response_model=BulletinPage, dependencies=[READ])
async def bulletins(
    db: Db,
    caller: CallerDep,
    status: Annotated[Status | None, Query(description="One of the statuses")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """The bulletins that the caller may read, newest first."""
    return answer(await store.page(db, caller.scope, status, limit=limit, cursor=cursor))


@router.post("/bulletins", response_model=BulletinOut, status_code=201, dependencies=[DECIDE])
async def draft(given: DraftIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Drafts a bulletin from how lines stood at the end of a period, or from what was approved of a reporting period;
    maybe a correction (更正).
    """
    corrected = await _corrected(db, caller.scope, given.corrects)
    drafted = await _of_period(db, given, today) if given.period_id else await _of_days(db, given, today)
    found = drafted.facts
    parts, resting = drafting.kept(drafted.parts)
    columns = given.model_dump() | {"since": drafted.since, "until": drafted.until}
    bulletin_id = await store.add(db, columns, drafted.title, parts, caller.name, corrected)
    await store.add_facts(db, bulletin_id, found, resting)
    return await _settle(db, caller.scope, bulletin_id, "drafted", None, 201)


@dataclass(frozen=True)
class Drafted:
    title: str
    since: date
    until: date
    facts: Sequence[Fact]
    parts: Sequence[Part]


async def _of_days(db: Session, given: DraftIn, today: date) -> Drafted:
    if given.since is None:
        raise Invalid("/body/since", "请填写起始日期，或选择报告期")
    if given.until is None:
        raise Invalid("/body/until", "请填写截止日期，或选择报告期")
    rules.must_be_over(given.since, given.until, today)
    found = _must_tell(await facts.as_of(db, given.until, given.plans, given.zones))
    title, parts = drafting.title(given.since, given.until), drafting.draft(found, given.since, given.until)
    return Drafted(title, given.since, given.until, found, parts)


async def _of_period(db: Session, given: DraftIn, today: date) -> Drafted:
    assert given.period_id is not None  # noqa: S101 - asked for
    period = await periods.get(db, given.period_id)
    rules.must_have_ended(period["ends"] if period else None, today)
    assert period is not None  # noqa: S101 - it has ended
    found, filed = await facts.of_period(db, dict(period), given.plans, given.zones)
    running = period["grace"] if today <= period["grace"] else None
    parts = drafting.draft_of_filings(_must_tell(found), filed, period["starts"], period["ends"], running)
    return Drafted(drafting.title_of(period["title"]), period["starts"], period["ends"], found, parts)


def _must_tell(found: Sequence[Fact]) -> Sequence[Fact]:
    if not found:
        raise rules.NothingToTell("所选计划和片区在该期间没有推进事项。")
    return found


async def _corrected(db: Session, scope: str, bulletin_id: UUID | None) -> str | None:
    """What the bulletin that is to be corrected is called."""
    if bulletin_id is None:
        return None
    bulletin = await store.get(db, bulletin_id)
    if bulletin is None:
        raise NotFound
    rules.must_allow(Action.CORRECT, scope, Status(bulletin["status"]))
    return f"{rules.number_of(bulletin['year'], bulletin['number'])}《{bulletin['title']}》"


@router.get("/bulletins/{bulletin_id}", response_model=BulletinOut, dependencies=[READ])
async def bulletin(bulletin_id: UUID, db: Db, caller: CallerDep) -> Response:
    """A bulletin with its text."""
    return await _shown(db, caller.scope, bulletin_id)


@router.put("/bulletins/{bulletin_id}", response_model=BulletinOut, dependencies=[DECIDE])
async def edit(
    given: BulletinIn, before: Annotated[Row, Depends(_for(Action.EDIT))], db: Db, caller: CallerDep
) -> Response:
    """Sets title and text of a draft. Sentences keep their facts by their keys."""
    keys = [sentence.key for part in given.parts for sentence in part.sentences if sentence.key is not None]
    rules.must_keep_facts(before["sentences"], keys)
    await store.edit(db, before["id"], given.title, [part.model_dump() for part in given.parts])
    return await _settle(db, caller.scope, before["id"], "edited", before, 200)


@router.post("/bulletins/{bulletin_id}/publication", response_model=BulletinOut, status_code=201, dependencies=[DECIDE])
async def publish(
    given: PublicationIn,
    before: Annotated[Row, Depends(_for(Action.PUBLISH))],
    db: Db,
    caller: CallerDep,
    today: Today,
) -> Response:
    """Publishes a draft to its readers, with the next number of the year; from then on it never changes."""
    readers = list(dict.fromkeys(given.readers))
    if unknown := set(readers) - {ALL} - set(await store.everybody(db)):
        raise rules.ReadersMissing(f"没有这样的发送对象：{'、'.join(sorted(unknown))}。")
    if before["corrects"]:
        corrected = await store.get(db, before["corrects"])
        rules.must_reach(readers, corrected["readers"] if corrected else ())
    await store.publish(db, before["id"], readers, today.year, caller.name)
    return await _settle(db, caller.scope, before["id"], "published", before, 201)


@router.post(
    "/bulletins/{bulletin_id}/cancellation", response_model=BulletinOut, status_code=201, dependencies=[DECIDE]
)
async def cancel(before: Annotated[Row, Depends(_for(Action.CANCEL))], db: Db, caller: CallerDep) -> Response:
    """Gives up a draft (作废)."""
    await store.cancel(db, before["id"])
    return await _settle(db, caller.scope, before["id"], "cancelled", before, 201)


@router.get("/bulletins/{bulletin_id}/facts", response_model=FactPage, dependencies=[READ])
async def resting(
    bulletin_id: UUID,
    db: Db,
    sentence: Annotated[int | None, Query(ge=1, le=100_000, description="A sentence's key")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """What a sentence rests on, as it was drafted; of lines that the caller may see."""
    if await store.get(db, bulletin_id) is None:
        raise NotFound
    return answer(await store.facts(db, bulletin_id, sentence, limit=limit, cursor=cursor))


_CONTENT = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in documents.TYPES.values()}


@router.get(
    "/bulletins/{bulletin_id}/document",
    dependencies=[READ],
    response_class=Response,
    responses={200: {"description": "The bulletin as Word or PDF", "content": _CONTENT}},
)
async def document(
    bulletin_id: UUID, db: Db, caller: CallerDep, format: Annotated[Format, Query()] = Format.DOCX
) -> Response:
    """The bulletin as an official document (公文)."""
    found = await store.shown(db, caller.scope, bulletin_id)
    if found is None:
        raise NotFound
    shown = BulletinOut.model_validate_json(found)
    content = await asyncio.to_thread(documents.MAKERS[format], shown)
    name = quote(f"{shown.title}.{format}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "private, no-cache"}
    return Response(content, 200, headers, documents.TYPES[format])


async def _shown(db: Session, scope: str, bulletin_id: UUID, status: int = 200) -> Response:
    body = await store.shown(db, scope, bulletin_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"], status=status)


async def _settle(db: Session, scope: str, bulletin_id: UUID, what: str, before: Row | None, status: int) -> Response:
    """What follows from a change: audit, event, the answer."""
    after = dict(await store.get(db, bulletin_id) or {})
    await audit.record(db, f"bulletin.{what}", "bulletin", bulletin_id, before, after, tenant=PROVINCE)
    told = await store.audiences(db, after["readers"]) if what == "published" else []
    await events.tell(db, what, after, told)
    return await _shown(db, scope, bulletin_id, status)
