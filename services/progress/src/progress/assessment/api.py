"""Assessments (考评): drafted, announced and published by the province; objected to by those who were assessed."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Conflict, Invalid, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress.access import DECIDE, READ, WRITE, actor
from progress.assessment import events, rules, scoring, store
from progress.assessment.rules import Action, Basis, NotNow, Status
from progress.assessment.schemas import (
    AnswerIn,
    AssessmentIn,
    AssessmentOut,
    AssessmentPage,
    ItemCode,
    ObjectionIn,
    ObjectionOut,
    Office,
    PublicationIn,
    ResultDetail,
    ResultsOut,
    SchemeIn,
    ScoreIn,
)
from progress.lines.rules import Actor

router = Router(tags=["assessments"])
Row = Mapping[str, Any]


def guarded(action: Action) -> Callable[..., Coroutine[Any, Any, Row]]:
    """A dependency: the assessment of the path, locked, on which the province may do this now."""

    async def guard(assessment_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Row:
        found = await store.lock(db, assessment_id)
        if found is None:
            raise NotFound
        check(found["version"], if_match)
        rules.authorize(action, actor(caller), Status(found["status"]))
        return found

    return guard


async def _shown(assessment_id: UUID, db: Db, caller: CallerDep) -> Row:
    found = await store.get(db, assessment_id)
    if found is None:
        raise NotFound
    return found


Shown = Annotated[Row, Depends(_shown)]
Editable = Annotated[Row, Depends(guarded(Action.EDIT))]
Announceable = Annotated[Row, Depends(guarded(Action.ANNOUNCE))]
Scorable = Annotated[Row, Depends(guarded(Action.SCORE))]
Publishable = Annotated[Row, Depends(guarded(Action.PUBLISH))]
Closable = Annotated[Row, Depends(guarded(Action.CLOSE))]


@router.get("/assessments", response_model=AssessmentPage, dependencies=[READ])
async def assessments(
    db: Db, caller: CallerDep, today: Today, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
) -> Response:
    """The assessments that the caller may see, newest year first."""
    allowed = {
        f"{status}{'/over' if over else ''}": rules.offered(actor(caller), status, over=over)
        for status in Status
        for over in (False, True)
    }
    return answer(await store.page(db, allowed, today, limit=limit, cursor=cursor))


@router.post("/assessments", response_model=AssessmentOut, status_code=201, dependencies=[DECIDE])
async def create(given: AssessmentIn, db: Db, caller: CallerDep, today: Today) -> Response:
    """Drafts the scheme of a year. 409 when the year has one."""
    scheme = _scheme(given)
    assessment_id = await store.add(db, given.year, given.title, scheme["items"])
    if assessment_id is None:
        raise Conflict("year-taken", f"{given.year} 年已有考评方案。")
    await audit.record(db, "assessment.drafted", "assessment", assessment_id, None, scheme)
    return await _answer(db, assessment_id, actor(caller), today, status=201)


@router.get("/assessments/{assessment_id}", response_model=AssessmentOut, dependencies=[READ])
async def assessment(db: Db, caller: CallerDep, found: Shown, today: Today) -> Response:
    """One assessment with its scheme."""
    return await _answer(db, found["id"], actor(caller), today)


@router.put("/assessments/{assessment_id}", response_model=AssessmentOut, dependencies=[DECIDE])
async def edit(given: SchemeIn, found: Editable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Changes the scheme, as long as it was not announced."""
    scheme = _scheme(given)
    await store.set_scheme(db, found["id"], given.title, scheme["items"])
    before = {"title": found["title"], "items": found["items"]}
    await audit.record(db, "assessment.edited", "assessment", found["id"], before, scheme)
    return await _answer(db, found["id"], actor(caller), today)


@router.post(
    "/assessments/{assessment_id}/announcement", response_model=AssessmentOut, status_code=201, dependencies=[DECIDE]
)
async def announce(found: Announceable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Tells all offices by what they are assessed; the scheme does not change any more."""
    offices = {row["office"] for row in await scoring.computed(db, found, today)}
    await store.move(db, found["id"], Status.ANNOUNCED)
    return await _moved(db, found, "announced", actor(caller), today, offices)


@router.put("/assessments/{assessment_id}/scores/{office}/{item}", response_model=AssessmentOut, dependencies=[DECIDE])
async def set_score(
    given: ScoreIn, found: Scorable, office: Office, item: ItemCode, db: Db, caller: CallerDep, today: Today
) -> Response:
    """Scores an office by hand, for an item that is judged so. 422 for more points than the item has."""
    await _must_be_known(db, office)
    part = next((each for each in scoring.items_of(found) if each.code == item), None)
    if part is None:
        raise NotFound
    if part.basis is not Basis.HAND:
        raise NotNow("该评分项由事实计算，不能人工评分。")
    score = _score(given.points, part.points)
    before = (await store.scores(db, found["id"])).get((office, item))
    await store.put_score(db, found["id"], office, item, score, given.reason, caller.name)
    await store.touch(db, found["id"])
    after = {"office": office, "item": item, "score": score}
    was = {**after, "score": before["score"]} if before else None
    await audit.record(db, "assessment.scored", "assessment", found["id"], was, after, reason=given.reason)
    return await _answer(db, found["id"], actor(caller), today)


@router.post(
    "/assessments/{assessment_id}/publication", response_model=AssessmentOut, status_code=201, dependencies=[DECIDE]
)
async def publish(given: PublicationIn, found: Publishable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Freezes scores and the facts behind them as of today, and shows each office its own (公示)."""
    if given.objections_until < today:
        raise Invalid("/body/objections_until", "不早于今天")
    rows = await scoring.computed(db, found, today)
    await store.add_results(db, found["id"], rows)
    await store.move(db, found["id"], Status.PUBLISHED, today, given.objections_until)
    return await _moved(db, found, "published", actor(caller), today, {row["office"] for row in rows})


@router.post(
    "/assessments/{assessment_id}/closing", response_model=AssessmentOut, status_code=201, dependencies=[DECIDE]
)
async def close(found: Closable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Makes the results final, after the time for objections and when all are answered."""
    if today <= found["objections_until"]:
        raise NotNow(f"异议期至 {found['objections_until']}，期满后方可确定结果。")
    if any(row["answer"] is None for row in await store.objections(db, found["id"])):
        raise NotNow("还有异议没有答复。")
    await store.move(db, found["id"], Status.FINAL)
    offices = {row["office"] for row in await store.results(db, found["id"])}
    return await _moved(db, found, "closed", actor(caller), today, offices)


@router.get("/assessments/{assessment_id}/results", response_model=ResultsOut, dependencies=[READ])
async def results(found: Shown, db: Db, caller: CallerDep, today: Today) -> Response:
    """All offices by their totals, or the caller's own; before publication what today's facts would give (试算)."""
    rows = await scoring.rows_of(db, found, today, _own(actor(caller)))
    ranked = scoring.ranked(found, rows, await store.names(db))
    return answer(ResultsOut(trial=scoring.is_trial(found), items=ranked))


@router.get("/assessments/{assessment_id}/results/{office}", response_model=ResultDetail, dependencies=[READ])
async def result(found: Shown, office: Office, db: Db, caller: CallerDep, today: Today) -> Response:
    """An office's scores with the facts behind each point, what entered and left since last year, and objections."""
    own = _own(actor(caller))
    detail = await scoring.detail(db, found, office, today) if own in (None, office) else None
    if detail is None:
        raise NotFound
    return answer(detail)


@router.post(
    "/assessments/{assessment_id}/objections", response_model=ObjectionOut, status_code=201, dependencies=[WRITE]
)
async def object_to(
    given: ObjectionIn, found: Shown, db: Db, caller: CallerDep, if_match: IfMatch, today: Today
) -> Response:
    """Objects to the own office's score for an item. 409 after the time, or while one about it awaits its answer."""
    office = actor(caller).office
    check(found["version"], if_match)
    rules.authorize(Action.OBJECT, actor(caller), Status(found["status"]))
    if today > found["objections_until"]:
        raise NotNow(f"异议期已于 {found['objections_until']} 结束。")
    _points(found, given.item)
    if not await store.results(db, found["id"], office):
        raise NotNow("本单位没有参加该次考评。")
    objection_id = await store.raise_objection(db, found["id"], office, given.item, given.text, caller.name)
    if objection_id is None:
        raise NotNow("对该评分项的异议正在等待答复。")
    return await _objection(db, found, objection_id, "raised", None)


@router.post(
    "/assessments/{assessment_id}/objections/{objection_id}/answer",
    response_model=ObjectionOut,
    status_code=201,
    dependencies=[DECIDE],
)
async def answer_objection(
    given: AnswerIn, assessment_id: UUID, objection_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch
) -> Response:
    """Answers an objection; ``points`` corrects the score. If-Match is the objection's version."""
    found = await store.lock(db, assessment_id)
    before = await store.objection(db, assessment_id, objection_id)
    if found is None or before is None:
        raise NotFound
    check(before["version"], if_match)
    rules.authorize(Action.ANSWER, actor(caller), Status(found["status"]))
    if before["answer"] is not None:
        raise NotNow("该异议已经答复。")
    await store.answer_objection(db, objection_id, given.answer, caller.name)
    if given.points is not None:
        score = _score(given.points, _points(found, before["item"]))
        await store.correct(db, found["id"], before["office"], before["item"], score, given.answer, caller.name)
        await store.touch(db, found["id"])
    return await _objection(db, found, objection_id, "answered", before)


def _scheme(given: SchemeIn) -> dict[str, Any]:
    rules.must_hold_together([item.code for item in given.items], [item.points for item in given.items])
    return given.model_dump(mode="json")


def _own(who: Actor) -> str | None:
    """The office that the caller sees alone; None for those who see all."""
    return None if who.scope in ("all", "audit") else who.office


def _points(found: Row, code: str) -> int:
    """What an item of the scheme can earn."""
    points = next((item.points for item in scoring.items_of(found) if item.code == code), None)
    if points is None:
        raise Invalid("/body/item", "方案中没有该评分项")
    return points


def _score(given: float, most: int) -> Decimal:
    if given > most:
        raise Invalid("/body/points", f"不超过该评分项的分值 {most}")
    return Decimal(str(given)).quantize(rules.CENT)


async def _must_be_known(db: Session, office: str) -> None:
    if office not in await store.names(db):
        raise NotFound


async def _moved(db: Session, before: Row, what: str, who: Actor, today: date, offices: set[str]) -> Response:
    after = dict(await store.get(db, before["id"]) or {})
    states = ({"status": row["status"], "objections_until": row["objections_until"]} for row in (before, after))
    await audit.record(db, f"assessment.{what}", "assessment", before["id"], *states)
    await events.tell(db, what, after, sorted(offices))
    return await _answer(db, before["id"], who, today, status=201)


async def _objection(db: Session, found: Row, objection_id: UUID, what: str, before: dict[str, Any] | None) -> Response:
    after = dict(await store.objection(db, found["id"], objection_id) or {})
    kind, _, code = after["office"].partition(":")
    tenant = code if kind == "zone" else "province"
    await audit.record(db, f"objection.{what}", "objection", objection_id, before, after, tenant=tenant)
    await events.tell_objection(db, what, found, after)
    return answer(ObjectionOut.model_validate(after), version=after["version"], status=201)


async def _answer(db: Session, assessment_id: UUID, who: Actor, today: date, status: int = 200) -> Response:
    row = dict(await store.get(db, assessment_id) or {})
    over = row["objections_until"] is not None and row["objections_until"] < today
    out = AssessmentOut.model_validate({**row, "actions": rules.offered(who, Status(row["status"]), over=over)})
    return answer(out, version=out.version, status=status)
