"""Schedules (进度安排): proposed, set and completed by the line's office; extensions decided by the province."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Forbidden, NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ, SCHEDULE, WRITE, actor
from progress.calendar.store import calendar
from progress.lines import changing
from progress.lines import rules as line_rules
from progress.lines import store as lines
from progress.lines.rules import Action, Line
from progress.milestones import events, placing, rules, store
from progress.milestones.rules import Decision
from progress.milestones.schemas import (
    Approval,
    Completion,
    DeadlineIn,
    ExtensionIn,
    ExtensionOut,
    MilestoneOut,
    MilestoneShown,
    MovedMilestone,
    PlacedStage,
    PreviewIn,
    PreviewOut,
    ProposalIn,
    ProposalOut,
    Refusal,
    ScheduleIn,
    ScheduleOut,
)
from progress.templates import store as templates
from progress.templates.rules import Stage
from progress.templates.schemas import StageIn

router = Router(tags=["milestones"])
Schedulable = Annotated[Line, Depends(changing.line_for(Action.SCHEDULE))]
Completable = Annotated[Line, Depends(changing.line_for(Action.COMPLETE))]
Extendable = Annotated[Line, Depends(changing.line_for(Action.EXTEND))]
Approvable = Annotated[Line, Depends(changing.line_for(Action.APPROVE_EXTENSION))]
Movable = Annotated[Line, Depends(changing.line_for(Action.MOVE_DEADLINE))]
Refusable = Annotated[Line, Depends(changing.line_for(Action.REFUSE_EXTENSION))]


async def _plannable(line_id: UUID, db: Db, caller: CallerDep) -> Line:
    """A line that the caller may schedule at some time, to try without changing anything."""
    line = await lines.get(db, line_id)
    if line is None:
        raise NotFound
    if Action.SCHEDULE not in line_rules.ever(actor(caller), line):
        raise Forbidden("您不能对该事项进行此操作。")
    return line


@router.get("/lines/{line_id}/schedule", response_model=ScheduleOut, dependencies=[READ])
async def schedule(line_id: UUID, db: Db, today: Today) -> Response:
    """The line's deadlines, milestones and extensions. The ETag is the line's; what is expected grows by the day."""
    line = await lines.get(db, line_id)
    if line is None:
        raise NotFound
    return await _shown(db, line, today)


Plannable = Annotated[Line, Depends(_plannable)]


@router.post("/lines/{line_id}/schedule/proposal", response_model=ProposalOut, dependencies=[SCHEDULE])
async def propose(given: ProposalIn, line: Plannable, db: Db, today: Today) -> Response:
    """Counts stages back from a deadline over working days (倒排), from today on; nothing is saved. Of the template
    those are left out that are reached.
    """
    rules.must_be_reachable(given.deadline, today)
    reached = [row for row in await store.of_line(db, line.id) if row["done_on"]]
    stages: Sequence[StageIn | Stage] = given.stages or [
        stage for stage in await templates.of_line(db, line.id) if stage.title not in {row["title"] for row in reached}
    ]
    weights, days = [stage.weight for stage in stages], await calendar(db)
    dues = rules.back_schedule(given.deadline, weights, today, days)
    percents = rules.shares([*(row["weight"] for row in reached), *weights])[len(reached) :]
    placed = [
        PlacedStage(title=stage.title, weight=stage.weight, due=due, percent=percent)
        for stage, due, percent in zip(stages, dues, percents, strict=True)
    ]
    guessed = days.is_guessed(today, given.deadline)
    return answer(ProposalOut(deadline=given.deadline, guessed=guessed, milestones=placed))


@router.post("/lines/{line_id}/schedule/preview", response_model=PreviewOut, dependencies=[SCHEDULE])
async def preview(given: PreviewIn, line: Plannable, db: Db, today: Today) -> Response:
    """Where another deadline would place the milestones that are not done; nothing is saved. 409 without a schedule."""
    if line.due is None:
        raise line_rules.NotNow("该事项尚未安排进度。")
    rules.must_move(line, given.deadline, today)
    moved = [
        MovedMilestone(id=row["id"], title=row["title"], before=row["due"], due=due)
        for row, due in await placing.replaced(db, line, given.deadline, today)
    ]
    guessed = (await calendar(db)).is_guessed(today, given.deadline)
    return answer(PreviewOut(before=line.due, deadline=given.deadline, guessed=guessed, milestones=moved))


@router.put("/lines/{line_id}/schedule", response_model=ScheduleOut, dependencies=[SCHEDULE])
async def arrange(given: ScheduleIn, line: Schedulable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Sets deadline and milestones; those that are done stay as they are, and the first deadline is kept for good."""
    rules.must_fit(line, given.deadline, [stage.due for stage in given.milestones], today)
    await placing.schedule(db, line, given.deadline, given.milestones, today)
    return await _shown(db, await _again(db, line), today)


@router.post(
    "/lines/{line_id}/milestones/{milestone_id}/completion",
    response_model=MilestoneOut,
    status_code=201,
    dependencies=[WRITE],
)
async def complete(
    given: Completion, line: Completable, milestone_id: UUID, db: Db, caller: CallerDep, today: Today
) -> Response:
    """Marks a milestone as reached. 409 when it already is, 422 for a day to come. The ETag is the line's."""
    before = await store.get(db, line.id, milestone_id)
    if before is None:
        raise NotFound
    rules.must_be_undone(before["done_on"])
    rules.must_be_past(given.on, today)
    await store.complete(db, milestone_id, given.on, given.note, caller.name)
    beside: changing.Changed = ({}, {"milestone": before["title"], "done_on": given.on})
    version = await _settle(db, line, "milestone_completed", today, given.note or None, beside)
    after = await store.get(db, line.id, milestone_id)
    await placing.note(db, line, "completed", before, after)
    return answer(MilestoneOut.model_validate(after), version=version, status=201)


@router.post("/lines/{line_id}/extensions", response_model=ExtensionOut, status_code=201, dependencies=[WRITE])
async def ask(given: ExtensionIn, line: Extendable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Asks for a later deadline (延期), with its cause. The ETag is the line's."""
    rules.must_extend(line, given.deadline, today)
    assert line.due is not None  # noqa: S101 - a line with a schedule has a deadline
    extension_id = await store.add_extension(
        db, line.id, Decision.ASKED, given.model_dump(), line.due, actor(caller).office, caller.name
    )
    beside: changing.Changed = ({}, {"asked_deadline": given.deadline})
    version = await _settle(db, line, "extension_asked", today, given.cause, beside)
    return await _extension(db, line, extension_id, "asked", None, version)


@router.post("/lines/{line_id}/deadline", response_model=ExtensionOut, status_code=201, dependencies=[DECIDE])
async def move(given: DeadlineIn, line: Movable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Moves the deadline, earlier or later, with a cause; undone milestones are placed anew. The ETag is the line's."""
    rules.must_move(line, given.deadline, today)
    assert line.due is not None  # noqa: S101 - a line with a schedule has a deadline
    extension_id = await store.add_extension(
        db, line.id, Decision.MOVED, given.model_dump(), line.due, actor(caller).office, caller.name
    )
    version = await placing.move_deadline(db, line, "deadline_moved", given.deadline, today, given.cause)
    return await _extension(db, line, extension_id, "moved", None, version)


@router.post(
    "/lines/{line_id}/extensions/{extension_id}/approval",
    response_model=ExtensionOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def approve(
    line: Approvable, extension_id: UUID, db: Db, caller: CallerDep, today: Today, given: Approval | None = None
) -> Response:
    """Makes the later deadline the present one; undone milestones are placed anew. The ETag is the line's."""
    before = await _asked(db, line, extension_id)
    remark = given.remark if given else ""
    rules.must_extend(line, before["deadline"], today)
    await store.decide(db, extension_id, Decision.APPROVED, remark, caller.name)
    version = await placing.move_deadline(db, line, "extension_approved", before["deadline"], today, remark or None)
    return await _extension(db, line, extension_id, "approved", before, version)


@router.post(
    "/lines/{line_id}/extensions/{extension_id}/refusal",
    response_model=ExtensionOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def refuse(
    given: Refusal, line: Refusable, extension_id: UUID, db: Db, caller: CallerDep, today: Today
) -> Response:
    """Leaves the deadline as it is, with a reason. The ETag is the line's."""
    before = await _asked(db, line, extension_id)
    await store.decide(db, extension_id, Decision.REFUSED, given.reason, caller.name)
    beside: changing.Changed = ({"asked_deadline": before["deadline"]}, {"asked_deadline": None})
    version = await _settle(db, line, "extension_refused", today, given.reason, beside)
    return await _extension(db, line, extension_id, "refused", before, version)


async def _asked(db: Session, line: Line, extension_id: UUID) -> dict[str, Any]:
    found = await store.extension(db, line.id, extension_id)
    if found is None:
        raise NotFound
    rules.must_await(Decision(found["status"]))
    return dict(found)


async def _settle(db: Session, line: Line, what: str, today: date, reason: str | None, beside: changing.Changed) -> int:
    """The line's version after a change that leaves its deadline where it is."""
    now = await _again(db, line)
    return await changing.set_progress(db, now, what, line.state, line.percent, today, reason=reason, beside=beside)


async def _extension(
    db: Session, line: Line, extension_id: UUID, what: str, before: dict[str, Any] | None, version: int
) -> Response:
    after = dict(await store.extension(db, line.id, extension_id) or {})
    await audit.record(db, f"extension.{what}", "extension", extension_id, before, after, tenant=line.jurisdiction)
    await events.tell(db, "extension", what, line.id, after)
    return answer(ExtensionOut.model_validate(after), version=version, status=201)


async def _again(db: Session, line: Line) -> Line:
    found = await lines.get(db, line.id)
    assert found is not None  # noqa: S101 - the transaction holds it
    return found


async def _shown(db: Session, line: Line, today: date) -> Response:
    milestones = await store.of_line(db, line.id)
    percents = rules.shares([row["weight"] for row in milestones])
    expected = line_rules.expected(line.due, line.opened_on, today, line.steps) if line.due else None
    shown = ScheduleOut(
        line_id=line.id,
        first_deadline=await store.first_deadline(db, line.id) or line.due,
        deadline=line.due,
        expected_percent=None if expected is None else ceil(expected),
        near_days=line.thresholds.near_days,
        behind_percent=line.thresholds.behind_percent,
        guessed=line.due is not None and (await calendar(db)).is_guessed(min(today, line.due), line.due),
        milestones=[
            MilestoneShown.model_validate({**row, "percent": percent})
            for row, percent in zip(milestones, percents, strict=True)
        ],
        extensions=[ExtensionOut.model_validate(dict(row)) for row in await store.extensions(db, line.id)],
        version=line.version,
    )
    return answer(shown, version=line.version)
