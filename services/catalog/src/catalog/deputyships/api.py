"""Deputies (代理): named for some days by who is away or by the office's administrator, and withdrawn."""

from datetime import date
from uuid import UUID

from fastapi import Response

from catalog.deputyships import keeping, rules
from catalog.deputyships.rules import NotPossible, Standing
from catalog.deputyships.schemas import Colleague, DeputyshipIn, DeputyshipOut, DeputyshipPage
from catalog.people import store
from catalog.people.directory import Directory
from catalog.people.managing import ONESELF, People
from catalog.people.rules import Person
from chassis.auth import Caller, CallerDep, Role, allow
from chassis.clock import Today
from chassis.deputies import Deputyship
from chassis.events import uuid7
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db

VERSION = 1
"""Of every deputyship: it is as it was named until it ends."""
router = Router(tags=["deputyships"], dependencies=[allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT), ONESELF])


@router.get("/deputyships", response_model=DeputyshipPage)
async def deputyships(caller: CallerDep, directory: People, today: Today) -> Response:
    """Who stands in for whom: what concerns the caller, or for administrators all of the office."""
    accounts = await directory.accounts(_office(caller))
    return answer(
        DeputyshipPage(
            items=[_shown(each, today) for each in keeping.standing(accounts, today) if rules.sees(caller, each)],
            colleagues=sorted(
                (Colleague(id=user["id"], name=keeping.called(user)) for user in accounts if user["enabled"]),
                key=lambda each: each.name,
            ),
            actions=["name", "name_for_others"] if caller.has(Role.ADMIN) else ["name"],
        )
    )


@router.post("/deputyships", response_model=DeputyshipOut, status_code=201)
async def name(given: DeputyshipIn, caller: CallerDep, directory: People, db: Db, today: Today) -> Response:
    """Names a deputy of the same office. 409 when the absent person has one on any of the days."""
    office = _office(caller)
    rules.check_days(given.since, given.until, today)
    rules.check_names(caller, str(given.absent))
    if given.absent == given.deputy:
        raise NotPossible("deputy", "不能由本人代理本人。")
    await store.alone(db, office)
    absent = await _colleague(directory, office, "absent", given.absent)
    deputy = await _colleague(directory, office, "deputy", given.deputy)
    present = keeping.standing(await directory.accounts(office), today)
    rules.check_free(absent.id, given.since, given.until, present)
    called = absent.name or absent.username
    about = Deputyship(str(uuid7()), absent.id, office, tuple(absent.ordered), given.since, given.until, called)
    made = Standing(deputy.id, deputy.name or deputy.username, about)
    await keeping.put(directory, deputy.id, [*present, made])
    await keeping.note(db, "deputyship.named", made, None, made.noted)
    return answer(_shown(made, today), version=VERSION, status=201)


@router.post("/deputyships/{deputyship_id}/withdrawal", response_model=DeputyshipOut)
async def withdraw(
    deputyship_id: UUID, caller: CallerDep, directory: People, db: Db, today: Today, if_match: IfMatch
) -> Response:
    """Ends a deputyship at once; the deputy may give it back too."""
    office = _office(caller)
    await store.alone(db, office)
    present = keeping.standing(await directory.accounts(office), today)
    found = next((each for each in present if each.about.id == str(deputyship_id)), None)
    if found is None or not rules.sees(caller, found):
        raise NotFound
    check(VERSION, if_match)
    await keeping.end(directory, db, [found], present)
    return answer(_shown(found, today).model_copy(update={"running": False, "actions": []}))


def _office(caller: Caller) -> str:
    if caller.office is None:
        raise Forbidden
    return caller.office


async def _colleague(directory: Directory, office: str, field: str, id_: UUID) -> Person:
    """Who is of the office and may take part; raises NotPossible, the same for strangers and for nobody."""
    person = await directory.person(str(id_))
    if person is None or person.office != office or not await directory.belongs(office, person.id):
        raise NotPossible(field, "本单位没有这名用户。")
    rules.check_person(field, person)
    return person


def _shown(standing: Standing, today: date) -> DeputyshipOut:
    about = standing.about
    return DeputyshipOut(
        id=about.id,
        absent=Colleague(id=about.absent, name=about.name),
        deputy=Colleague(id=standing.deputy, name=standing.deputy_name),
        since=about.since,
        until=about.until,
        running=about.runs(today),
        version=VERSION,
        actions=["withdraw"],
    )
