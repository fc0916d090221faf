"""Evaluation of cases (评审): the province invites units, each scores once a round; experts' sheets are recorded."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import Invalid, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db, Session
from progress.access import DECIDE, EVALUATE, READ, actor
from progress.cases import changing, events, rules, sheets, store
from progress.cases.changing import move
from progress.cases.rules import Action, Case, Criterion
from progress.cases.schemas import CaseOut, Conclusion, Invitation, Rounds, SchemeIn, SchemeOut, ScoreIn
from progress.days import must_be_ahead

router = Router(tags=["cases"])
Invitable = Annotated[Case, Depends(changing.case_for(Action.INVITE))]
Scorable = Annotated[Case, Depends(changing.case_for(Action.SCORE))]
Concludable = Annotated[Case, Depends(changing.case_for(Action.CONCLUDE))]


@router.get("/case-scheme", response_model=SchemeOut, dependencies=[READ])
async def scheme(db: Db, caller: CallerDep) -> Response:
    """The criteria of the scoring sheet (评分表), with their weights."""
    return await _scheme(db, actor(caller).scope == "all")


@router.put("/case-scheme", response_model=SchemeOut, dependencies=[DECIDE])
async def set_scheme(given: SchemeIn, db: Db, if_match: IfMatch) -> Response:
    """Sets the criteria for rounds that begin later; those that have begun keep theirs."""
    before = dict(await sheets.hold_scheme(db))
    check(before["version"], if_match)
    criteria = [each.model_dump() for each in given.criteria]
    rules.must_be_distinct([Criterion(**each) for each in criteria])
    await sheets.set_scheme(db, criteria)
    await audit.record(db, "case_scheme.changed", "case_scheme", "", before, dict(await sheets.scheme(db)))
    return await _scheme(db, True)


@router.get("/cases/{case_id}/rounds", response_model=Rounds, dependencies=[READ])
async def rounds(case_id: UUID, db: Db, caller: CallerDep) -> Response:
    """The rounds of a case's evaluation. The zone of origin sees their results, evaluators their own sheets as well."""
    if await store.get(db, actor(caller), case_id) is None:
        raise NotFound
    return answer(b'{"items":%b,"next":null}' % await sheets.rounds(db, case_id))


@router.post("/cases/{case_id}/rounds", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def invite(given: Invitation, case: Invitable, db: Db, caller: CallerDep, today: Today) -> Response:
    """Opens a round by the present scheme and invites units to score; none where experts do it alone."""
    must_be_ahead(given.due, today)
    units = await _evaluators(db, given, case)
    number = case.round + 1
    await sheets.open_round(db, case.id, number, given.due, today, caller.name)
    for unit in units:
        await sheets.invite(db, case.id, number, f"unit:{unit['code']}", unit["name"])
    stored = await store.whole(db, case.id)
    return await move(
        db,
        actor(caller),
        case,
        Action.INVITE,
        told={"units": units, "due": given.due},
        round=number,
        evaluators=list(dict.fromkeys([*stored["evaluators"], *(unit["code"] for unit in units)])),
    )


@router.post("/cases/{case_id}/scores", response_model=CaseOut, status_code=201, dependencies=[EVALUATE])
async def score(given: ScoreIn, case: Scorable, db: Db, caller: CallerDep) -> Response:
    """Gives the unit's score in this round, once; the province records the sheet of an expert without login."""
    who = actor(caller)
    rules.must_name_expert(who, given.expert)
    criteria = await sheets.criteria(db, case.id, case.round)
    total = rules.total(criteria, [(each.criterion, each.points) for each in given.points])
    sheet = given.model_dump()
    if given.expert is None:
        filled = await sheets.score(db, case.id, case.round, who.office, sheet, total, caller.name)
    else:
        filled = await sheets.record(db, case.id, case.round, given.expert, sheet, total, caller.name)
    if not filled:
        raise rules.ScoredBefore("本轮已有该评审的打分。")
    by = f"expert:{given.expert}" if given.expert else who.office
    after = {"round": case.round, "evaluator": by, "total": total, **sheet}
    await audit.record(db, "case.scored", "case", case.id, None, after, tenant=case.zone)
    await events.tell(db, "scored", case.id, evaluator=by)
    return await changing.shown(db, who, case.id)


@router.post("/cases/{case_id}/conclusion", response_model=CaseOut, status_code=201, dependencies=[DECIDE])
async def conclude(
    case: Concludable, db: Db, caller: CallerDep, today: Today, given: Conclusion | None = None
) -> Response:
    """Ends the round; its score is the mean of the scores that were given. 409 without any."""
    result = rules.mean(await sheets.hold_totals(db, case.id, case.round))
    await sheets.conclude(db, case.id, case.round, result, today)
    return await move(db, actor(caller), case, Action.CONCLUDE, score=result)


async def _evaluators(db: Session, given: Invitation, case: Case) -> list[dict[str, str]]:
    """The invited units by code and name. Raises Invalid for one that is unknown, or the zone's own city."""
    found = await sheets.units(db, given.units, case.zone)
    unknown = [code for code in given.units if code not in {unit["code"] for unit in found}]
    if unknown:
        raise Invalid("/body/units", f"没有代码为 {'、'.join(unknown)} 的单位")
    own = [unit["name"] for unit in found if unit["own"]]
    if own:
        raise Invalid("/body/units", f"{own[0]}是申报片区所在的市，不能参加评审")
    return [{"code": unit["code"], "name": unit["name"]} for unit in found]


async def _scheme(db: Session, editable: bool) -> Response:
    row = await sheets.scheme(db)
    shown = SchemeOut(criteria=row["criteria"], version=row["version"], actions=["edit"] if editable else [])
    return answer(shown, version=row["version"])
