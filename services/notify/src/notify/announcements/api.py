"""Announcements (公告通知): the province writes, publishes, corrects, withdraws; zones and units read and confirm."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from chassis import audit, pages
from chassis.auth import Caller, CallerDep, Role, allow
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, RowMapping, Session
from notify import audiences
from notify.announcements import rules, store
from notify.announcements.rules import Action, Notice, Standing, Status
from notify.announcements.schemas import (
    Announcement,
    AnnouncementIn,
    AnnouncementOut,
    AnnouncementPage,
    DraftIn,
    OfficePage,
    WithdrawalIn,
)
from notify.offices import store as known

SEEN = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.AUDITOR)
WRITES = allow(Role.PROVINCE)
READS = allow(Role.CITY, Role.DEPARTMENT)
WATCHES = allow(Role.PROVINCE, Role.AUDITOR)
router = Router(tags=["announcements"])


@router.get("/announcements", response_model=AnnouncementPage, dependencies=[SEEN])
async def announcements(
    db: Db,
    caller: CallerDep,
    today: Today,
    status: Status | None = None,
    waiting: Annotated[bool, Query(description="Only those that the caller has to confirm")] = False,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """What is addressed to the caller's office, newest first; the province and the auditor see all."""
    rows = await store.page(db, caller.sub, status, today if waiting else None, limit=limit, cursor=cursor)
    shown = [Announcement.model_validate(_shown(row, caller, today)) for row in rows[:limit]]
    following = pages.encode(shown[-1].id) if len(rows) > limit else None
    return answer(AnnouncementPage(items=shown, next=following))


@router.post("/announcements", response_model=AnnouncementOut, status_code=201, dependencies=[WRITES])
async def draft(given: DraftIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """A draft; with ``corrects`` of a new version of a published one, which goes to all that have the one before."""
    said = await _possible(db, given, given.corrects, today)
    if given.corrects:
        corrected = await store.get(db, caller.sub, given.corrects)
        if corrected is None:
            raise rules.UnknownCorrected
        rules.must_allow(Action.CORRECT, caller.scope, _standing(corrected), today)
    made = await store.add(db, said | {"corrects": given.corrects}, caller.name)
    return await _changed(db, caller, today, "announcement.drafted", made, None, status=201)


@router.get("/announcements/{announcement_id}", response_model=AnnouncementOut, dependencies=[SEEN])
async def announcement(announcement_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """One announcement. That it was read is said by a request of its own."""
    return _whole(await _found(db, caller, announcement_id), caller, today)


@router.put("/announcements/{announcement_id}", response_model=AnnouncementOut, dependencies=[WRITES])
async def edit(
    given: AnnouncementIn, announcement_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch
) -> Response:
    """Rewrites a draft. What is published does not change: it is corrected by a new version, or withdrawn."""
    before = await _held(db, caller, announcement_id, if_match, Action.EDIT, today)
    await store.edit(db, announcement_id, await _possible(db, given, before["corrects"], today))
    return await _changed(db, caller, today, "announcement.edited", announcement_id, before)


@router.post("/announcements/{announcement_id}/publication", response_model=AnnouncementOut, dependencies=[WRITES])
async def publish(announcement_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Response:
    """Publishes a draft to the offices there are, and tells them by inbox and mail; the version before is replaced."""
    before = await _held(db, caller, announcement_id, if_match, Action.PUBLISH, today)
    if before["corrects"]:
        corrected = await store.get(db, caller.sub, before["corrects"], lock=True)
        if corrected is None:
            raise NotFound
        rules.must_allow(Action.CORRECT, caller.scope, _standing(corrected), today)
        await store.move(db, before["corrects"], Status.REPLACED)
        replaced = _noted(corrected) | {"status": Status.REPLACED}
        await audit.record(
            db,
            "announcement.replaced",
            "announcement",
            corrected["id"],
            _noted(corrected),
            replaced,
            reason=before["reason"],
        )
    await store.publish(db, announcement_id, caller.name)
    await store.notice(db, announcement_id, Notice.PUBLISHED)
    return await _changed(db, caller, today, "announcement.published", announcement_id, before)


@router.post("/announcements/{announcement_id}/cancellation", response_model=AnnouncementOut, dependencies=[WRITES])
async def cancel(announcement_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Response:
    """Gives up a draft (作废)."""
    before = await _held(db, caller, announcement_id, if_match, Action.CANCEL, today)
    await store.move(db, announcement_id, Status.CANCELLED)
    return await _changed(db, caller, today, "announcement.cancelled", announcement_id, before)


@router.post("/announcements/{announcement_id}/withdrawal", response_model=AnnouncementOut, dependencies=[WRITES])
async def withdraw(
    given: WithdrawalIn, announcement_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch
) -> Response:
    """Withdraws what was published (撤回) for a reason, which its offices are told; it stays readable."""
    before = await _held(db, caller, announcement_id, if_match, Action.WITHDRAW, today)
    await store.withdraw(db, announcement_id, caller.name, given.reason)
    await store.notice(db, announcement_id, Notice.WITHDRAWN)
    return await _changed(db, caller, today, "announcement.withdrawn", announcement_id, before, reason=given.reason)


@router.post("/announcements/{announcement_id}/reminder", response_model=AnnouncementOut, dependencies=[WRITES])
async def remind(announcement_id: UUID, db: Db, caller: CallerDep, today: Today, if_match: IfMatch) -> Response:
    """Reminds the offices that have not read it, or not confirmed it where that is asked for; once a day."""
    before = await _held(db, caller, announcement_id, if_match, Action.REMIND, today)
    await store.notice(db, announcement_id, Notice.REMINDER)
    await store.touch(db, announcement_id)
    return await _changed(db, caller, today, "announcement.reminded", announcement_id, before)


@router.post("/announcements/{announcement_id}/reading", response_model=AnnouncementOut, dependencies=[READS])
async def read(announcement_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """Notes that the caller has read it. Needs no If-Match: marks belong to one person, the first one counts."""
    await _found(db, caller, announcement_id)
    await store.mark(db, announcement_id, caller.sub, audiences.of(caller) or "", confirmed=False)
    return _whole(await _found(db, caller, announcement_id), caller, today)


@router.post("/announcements/{announcement_id}/confirmation", response_model=AnnouncementOut, dependencies=[READS])
async def confirm(announcement_id: UUID, db: Db, caller: CallerDep, today: Today) -> Response:
    """Confirms that the caller has read it (已阅). Needs no If-Match, as above; said again, it changes nothing."""
    found = await _found(db, caller, announcement_id)
    if found["confirmed_at"] is None:
        rules.must_allow(Action.CONFIRM, caller.scope, _standing(found), today)
        await store.mark(db, announcement_id, caller.sub, audiences.of(caller) or "", confirmed=True)
        said = {"office": audiences.of(caller)}
        await audit.record(
            db, "announcement.confirmed", "announcement", announcement_id, None, said, tenant=caller.tenant
        )
    return _whole(await _found(db, caller, announcement_id), caller, today)


@router.get("/announcements/{announcement_id}/offices", response_model=OfficePage, dependencies=[WATCHES])
async def offices(
    announcement_id: UUID,
    db: Db,
    caller: CallerDep,
    waiting: Annotated[bool | None, Query(description="Those that have not read or confirmed it, or have")] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """Which offices it is for, by name, and how many people of each have read and confirmed it."""
    await _found(db, caller, announcement_id)
    return answer(await store.offices(db, announcement_id, waiting, limit=limit, cursor=cursor))


async def _possible(db: Session, given: AnnouncementIn, corrects: UUID | None, today: date) -> dict[str, Any]:
    """What a draft is to say; raises what it is refused for."""
    rules.check_day(given.shown_until, today)
    rules.check_reason(corrects, given.reason)
    addressed = rules.addressed(given.addressed)
    unknown = await known.unknown(db, [each for each in addressed if each != rules.ALL])
    if unknown:
        raise rules.UnknownOffice(unknown[0])
    return given.model_dump(exclude={"corrects"}) | {"addressed": addressed}


async def _found(db: Session, caller: Caller, announcement_id: UUID, *, lock: bool = False) -> RowMapping:
    found = await store.get(db, caller.sub, announcement_id, lock=lock)
    if found is None:
        raise NotFound
    return found


async def _held(
    db: Session, caller: Caller, announcement_id: UUID, if_match: int, action: Action, today: date
) -> RowMapping:
    """Locked, as the caller knows it, and in a state that allows the action."""
    found = await _found(db, caller, announcement_id, lock=True)
    check(found["version"], if_match)
    rules.must_allow(action, caller.scope, _standing(found), today)
    return found


async def _changed(
    db: Session,
    caller: Caller,
    today: date,
    what: str,
    announcement_id: UUID,
    before: RowMapping | None,
    *,
    reason: str | None = None,
    status: int = 200,
) -> Response:
    after = await _found(db, caller, announcement_id)
    await audit.record(
        db,
        what,
        "announcement",
        announcement_id,
        _noted(before) if before else None,
        _noted(after),
        reason=reason or after["reason"],
    )
    return _whole(after, caller, today, status=status)


def _noted(row: RowMapping) -> dict[str, Any]:
    """What the audit trail has of an announcement."""
    names = ("status", "title", "text", "shown_until", "must_confirm", "addressed", "corrects", "version")
    return {name: row[name] for name in names}


def _standing(row: RowMapping) -> Standing:
    return Standing(
        status=Status(row["status"]),
        shown_until=row["shown_until"],
        must_confirm=row["must_confirm"],
        confirmed=row["confirmed_at"] is not None,
        waiting=row["waiting"],
        reminded_at=row["reminded_at"],
    )


def _shown(row: RowMapping, caller: Caller, today: date) -> dict[str, Any]:
    """Whom it is for, and who has read it, only for who sees all."""
    watches = caller.has(Role.PROVINCE, Role.AUDITOR)
    addressed = [{"office": office, "name": name} for office, name in zip(row["addressed"], row["names"], strict=True)]
    return {
        **row,
        "addressed": addressed if watches else None,
        "reach": dict(row) if watches else None,
        "actions": rules.actions(caller.scope, _standing(row), today),
    }


def _whole(row: RowMapping, caller: Caller, today: date, *, status: int = 200) -> Response:
    shown = AnnouncementOut.model_validate(_shown(row, caller, today))
    return answer(shown, version=row["version"], status=status)
