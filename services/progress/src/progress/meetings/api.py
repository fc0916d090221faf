"""Meetings of the leading group (领导小组会议): planned, held, with their decisions, by the province."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit, pages
from chassis.auth import CallerDep, Role, allow
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress.access import DECIDE
from progress.bulletins import store as readers
from progress.lines.rules import PROVINCE
from progress.meetings import events, rules, store
from progress.meetings.deciding import settled
from progress.meetings.rules import MeetingAction, MeetingStatus
from progress.meetings.schemas import Conclusion, DecisionIn, DecisionOut, MeetingIn, MeetingOut, MeetingPage

router = Router(tags=["meetings"])
READ = allow(Role.PROVINCE, Role.AUDITOR)
Row = dict[str, Any]


def _for(action: MeetingAction) -> Any:
    """A dependency: the meeting of the path, locked, with which the province may do this now."""

    async def guard(meeting_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Row:
        meeting = await store.meeting(db, meeting_id, lock=True)
        if meeting is None:
            raise NotFound
        check(meeting["version"], if_match)
        rules.must_allow_meeting(action, caller.scope, MeetingStatus(meeting["status"]))
        return dict(meeting)

    return Depends(guard)


@router.get("/meetings", response_model=MeetingPage, dependencies=[READ])
async def meetings(
    db: Db, caller: CallerDep, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """The meetings, the latest first."""
    return answer(await store.meetings(db, caller.scope, limit=limit, cursor=cursor))


@router.post("/meetings", response_model=MeetingOut, status_code=201, dependencies=[DECIDE])
async def plan(given: MeetingIn, db: Db, caller: CallerDep) -> Response:
    """Plans a meeting with its agenda (议题)."""
    meeting_id = await store.add_meeting(db, given.model_dump(), caller.name)
    return await _settle(db, caller.scope, meeting_id, "planned", None, 201)


@router.get("/meetings/{meeting_id}", response_model=MeetingOut, dependencies=[READ])
async def meeting(meeting_id: UUID, db: Db, caller: CallerDep) -> Response:
    """One meeting; its decisions are among those of ``/decisions``."""
    return await _shown(db, caller.scope, meeting_id, 200)


@router.put("/meetings/{meeting_id}", response_model=MeetingOut, dependencies=[DECIDE])
async def edit(
    given: MeetingIn, before: Annotated[Row, _for(MeetingAction.EDIT)], db: Db, caller: CallerDep
) -> Response:
    """Changes title, day or agenda of a meeting that is planned."""
    await store.edit_meeting(db, before["id"], given.model_dump())
    return await _settle(db, caller.scope, before["id"], "edited", before, 200)


@router.post("/meetings/{meeting_id}/conclusion", response_model=MeetingOut, status_code=201, dependencies=[DECIDE])
async def conclude(
    before: Annotated[Row, _for(MeetingAction.CONCLUDE)],
    db: Db,
    caller: CallerDep,
    today: Today,
    given: Conclusion | None = None,
) -> Response:
    """Notes that the meeting was held (已召开): decisions are entered from now on."""
    rules.must_have_been(before["held_on"], today)
    await store.conclude(db, before["id"])
    return await _settle(db, caller.scope, before["id"], "concluded", before, 201)


@router.post("/meetings/{meeting_id}/decisions", response_model=DecisionOut, status_code=201, dependencies=[DECIDE])
async def decide(
    given: DecisionIn, meeting: Annotated[Row, _for(MeetingAction.DECIDE)], db: Db, caller: CallerDep, today: Today
) -> Response:
    """Enters a decision (议定事项) with its lead office and due day. If-Match is the meeting's version."""
    rules.must_follow(given.due, meeting["held_on"])
    if given.office not in await readers.everybody(db):
        raise rules.UnknownOffice("没有该片区或责任单位。")
    decision_id = await store.decide(db, meeting, given.model_dump())
    return await settled(db, caller.scope, today, decision_id, "made", None)


async def _settle(db: Session, scope: str, meeting_id: UUID, what: str, before: Row | None, status: int) -> Response:
    after = dict(await store.meeting(db, meeting_id) or {})
    await audit.record(db, f"meeting.{what}", "meeting", meeting_id, before, after, tenant=PROVINCE)
    await events.tell_meeting(db, what, after)
    return await _shown(db, scope, meeting_id, status)


async def _shown(db: Session, scope: str, meeting_id: UUID, status: int) -> Response:
    body = await store.meeting_shown(db, scope, meeting_id)
    if body is None:
        raise NotFound
    return answer(body, version=json.loads(body)["version"], status=status)
