"""Every kind of thing × every state × everybody × every action: what the tables do not have is refused.

And nothing comes of it. The tables are those of the rules, as ``docs/states.md`` shows them.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from contracts.tables import TABLES
from deploy.local.keycloak import realm_env
from deploy.local.system import System
from progress.filings import rules as filings
from progress.lines import rules as lines
from progress.lines.rules import Awaiting, Timing
from realm.declaration import REALM
from realm.demo import Person
from realm.provision import connect
from tests.days import Days, days
from tests.isolation.ways import AUDITOR, CHECKER, HEFEI, SWT, UNIT, WAYS, WRITER, WUHU, Act, P, Way
from tests.support import Json, pages

REFUSALS = (403, 404, 409)
STOPS = [(kind, state) for kind, way in WAYS.items() for state in way.states]


@pytest.fixture(scope="module")
def unit(system: System) -> Iterator[None]:
    """The people of the unit whose filing is followed."""
    env = realm_env(system.instance)
    admin = connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])
    people = [
        Person(WRITER, "填报人", ("department",), unit=UNIT),
        Person(CHECKER, "审核人", ("department", "admin"), unit=UNIT),
    ]
    users = [person.representation(system.password) for person in people]
    admin.partial_import_realm(REALM, {"ifResourceExists": "OVERWRITE", "users": users})
    yield
    for person in people:
        admin.delete_user(str(admin.get_user_id(person.username)))


@pytest.fixture(scope="module")
async def now(system: System, unit: None) -> AsyncIterator[Days]:
    async with days(system) as made:
        yield made
        await WAYS["manuscript"].begin(made)


class Target(NamedTuple):
    path: str
    state: str
    version: int


def stands(path: str, shown: Json) -> Target:
    return Target(path, shown["state"] if "state" in shown else str(shown["status"]), shown.get("version", 1))


async def targets(now: Days, way: Way, thing: str) -> list[Target]:
    """A thing and what goes beside it, as they stand."""
    shown = await now.get(P, thing)
    found = [stands(thing, shown)]
    if way.beside:
        path = await way.beside(now, shown)
        found.append(stands(path, (await now.ask(P, "GET", path)).json()))
    return found


async def ask(now: Days, user: str, of: list[Target], act: Act) -> Any:
    about, today = of[act.beside], now.today
    now.today = now.after(1) if act.later and today == now.first else today
    answer = await now.ask(user, act.method, act.address(about.path), act.said(now, of[0].path), about.version)
    now.today = today
    return answer


async def bring(now: Days, way: Way, state: str) -> str:
    """The path of a new thing in this state."""
    thing = await way.begin(now)
    for capacity, action in way.to(state):
        answer = await ask(now, way.people[capacity], await targets(now, way, thing), way.acts[action])
        assert answer.is_success, f"{action} by {capacity}: {answer.text}"
    return thing


async def refuses(now: Days, way: Way, of: list[Target], user: str, allowed: list[str]) -> None:
    """What is shown to be allowed is what is allowed that day; everything else is refused, and nothing comes of it."""
    allowed = [action for action in allowed if not way.acts[action].asked]
    told: list[str] = []
    for target in of:
        shown = await now.ask(user, "GET", target.path)
        told += shown.json()["actions"] if shown.is_success else []
    assert set(told) == {action for action in allowed if not way.acts[action].later}, (user, told)
    for action, act in way.acts.items():
        if action not in allowed:
            answer = await ask(now, user, of, act)
            assert answer.status_code in REFUSALS, (user, action, answer.status_code, answer.text)
    assert await targets(now, way, of[0].path) == of


def test_there_is_a_way_to_take_every_action_of_every_table() -> None:
    """And to every state."""
    assert {id(way.table) for way in WAYS.values()} == {id(TABLES[kind]) for kind in TABLES.keys() - {"line"}}
    for kind, way in WAYS.items():
        assert way.acts.keys() == way.table.actions.keys(), kind
        assert way.table.states.keys() - set(way.states) == set(), kind


@pytest.mark.parametrize(("kind", "state"), STOPS)
async def test_nobody_acts_outside_the_tables(now: Days, kind: str, state: str) -> None:
    way = WAYS[kind]
    thing = await bring(now, way, state)
    of = await targets(now, way, thing)
    assert of[0].state == state
    for capacity, user in way.people.items():
        await refuses(now, way, of, user, way.table.allowed(state, capacity))
    for user in way.strangers:
        await refuses(now, way, of, user, [])


@pytest.mark.parametrize("state", filings.State)
async def test_nobody_goes_on_with_a_filing_that_is_held(now: Days, state: filings.State) -> None:
    """By its period's lock, and by the suspension of its line."""
    way = WAYS["filing"]
    thing = await bring(now, way, state)
    now.today = date(2030, 2, 1)
    of = await targets(now, way, thing)
    for capacity, user in way.people.items():
        allowed = filings.actions(filings.Capacity(capacity), state, filings.Hold.LOCKED)
        await refuses(now, way, of, user, [*map(str, allowed)])
    now.today = now.first
    line = f"lines/{(await now.get(P, thing))['line_id']}"
    await now.step(P, line, "suspension", reason="…")
    for user in way.people.values():
        await refuses(now, way, of, user, [])
    await now.step(P, line, "resumption")


def _of_line(shown: Json) -> dict[str, Act]:
    """The acts on a line as it is now, with what there is of reports, milestones and extensions."""
    report = (shown["latest_report"] or {"id": uuid4()})["id"]
    milestone, extension = shown.get("milestone", uuid4()), shown.get("extension", uuid4())
    reason, later = {"reason": "…"}, {"deadline": "2031-06-30", "cause": "…"}
    scheduled = {"deadline": "2030-06-28", "milestones": [{"title": "…", "weight": 1, "due": "2030-06-28"}]}
    return {
        "report": Act("reports", {"percent": 1, "done": "…"}),
        "confirm": Act(f"reports/{report}/confirmation"),
        "return": Act(f"reports/{report}/return", reason),
        "review": Act(f"reports/{report}/review", {"opinion": "agree"}),
        "suspend": Act("suspension", reason),
        "resume": Act("resumption"),
        "schedule": Act("schedule", scheduled, "PUT"),
        "complete": Act(f"milestones/{milestone}/completion", {"on": "2026-01-05"}),
        "extend": Act("extensions", later),
        "approve_extension": Act(f"extensions/{extension}/approval"),
        "refuse_extension": Act(f"extensions/{extension}/refusal", reason),
        "move_deadline": Act("deadline", later),
    }


DONE = {"percent": 100, "done": "已完成", "finished": True}
OWN = "its office"
WALK: list[tuple[str, str, Json, lines.State, bool, Timing]] = [
    ("", "", {}, lines.State.NOT_STARTED, False, Timing.NONE),
    (OWN, "schedule", {}, lines.State.NOT_STARTED, False, Timing.RUNNING),
    (OWN, "report", {}, lines.State.IN_PROGRESS, True, Timing.RUNNING),
    (OWN, "extend", {}, lines.State.IN_PROGRESS, True, Timing.RUNNING_ASKED),
    (OWN, "complete", {}, lines.State.IN_PROGRESS, True, Timing.REACHED_ASKED),
    (P, "return", {}, lines.State.NOT_STARTED, False, Timing.REACHED_ASKED),
    (P, "refuse_extension", {}, lines.State.NOT_STARTED, False, Timing.REACHED),
    (OWN, "report", DONE, lines.State.SUBMITTED, True, Timing.REACHED),
    (P, "suspend", {}, lines.State.SUSPENDED, True, Timing.REACHED),
    (P, "resume", {}, lines.State.SUBMITTED, True, Timing.REACHED),
    (P, "confirm", {}, lines.State.CONFIRMED, False, Timing.REACHED),
]
"""Who does what with a line, what is said beside, and how it stands then; the flag: a report awaits its decision."""
PEOPLE: Mapping[str, Mapping[str, str]] = {
    "hefei": {P: "province", HEFEI: "city", SWT: "reviewer", AUDITOR: "reader", WUHU: "reader"},
    "province": {SWT: "leader"},
}
"""Who is what to a line of 省商务厅, by its jurisdiction; others are to that of the province as to that of Hefei."""


@pytest.mark.parametrize("jurisdiction", PEOPLE)
async def test_nobody_acts_on_a_line_outside_its_tables(now: Days, jurisdiction: str) -> None:
    """What may be done with a line goes by its reports and its schedule as well as by its state, so it has no way of
    ``WAYS``. This walk is as complete: it meets every state, every capacity and every action, with a report that
    awaits its decision and without, before there is a schedule, with milestones to reach, and when all are reached,
    with an extension asked and without. What the deadline of a task alone allows comes with an edition of the catalog:
    ``test_milestones`` has it.
    """
    people = PEOPLE[jurisdiction]
    office = next(user for user, capacity in people.items() if capacity in ("city", "leader"))
    found = pages(now.system, P, "/api/progress/v1/lines", unit="swt", jurisdiction=jurisdiction, state="not_started")
    thing = f"lines/{next(each['id'] for each in found if each['units'][0]['code'] == 'swt' and not each['due'])}"
    for user, action, more, state, awaited, timing in WALK:
        if action:
            shown = await _whole(now, thing)
            act = _of_line(shown)[action]
            body = act.said(now, thing) | more
            by = office if user == OWN else user
            (await now.ask(by, act.method, act.address(thing), body, shown["version"])).raise_for_status()
        shown = await _whole(now, thing)
        assert shown["state"] == state, action
        way = Way(TABLES["line"], WAYS["order"].begin, {}, _of_line(shown))
        of = [stands(thing, shown)]
        for person, capacity in people.items():
            whose = Awaiting.NONE if not awaited else Awaiting.OWN if person == office else Awaiting.OTHER
            allowed = lines.actions(lines.Capacity(capacity), state, whose, timing)
            await refuses(now, way, of, person, [*map(str, allowed)])


def test_the_walk_of_lines_meets_every_state_and_everybody() -> None:
    assert {state for _, _, _, state, _, _ in WALK} == set(lines.State)
    assert {capacity for people in PEOPLE.values() for capacity in people.values()} == set(lines.Capacity)
    assert set(Timing) - {timing for *_, timing in WALK} == {Timing.DUE, Timing.DUE_ASKED}


async def _whole(now: Days, thing: str) -> Json:
    """A line with the ids of its first milestone and last extension."""
    shown, schedule = await now.get(P, thing), await now.get(P, f"{thing}/schedule")
    parts = {"milestone": schedule["milestones"][:1], "extension": schedule["extensions"][-1:]}
    return dict(shown) | {name: found[0]["id"] for name, found in parts.items() if found}
