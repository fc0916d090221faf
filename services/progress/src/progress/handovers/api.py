"""Responsible persons and handovers (工作交接): named and handed over by an office's own administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Filter
from chassis.tenancy import Db
from progress import offices
from progress.access import CHECK, READ, WRITE, actor
from progress.handovers import events, rules, store
from progress.handovers.rules import Kind, Named
from progress.handovers.schemas import (
    HandoverIn,
    HandoverOut,
    HandoverPage,
    LinePersonOut,
    PersonIn,
    PersonPage,
    ThingPage,
)
from progress.lines import store as lines

router = Router(tags=["handovers"])


@router.get("/lines/{line_id}/person", response_model=LinePersonOut, dependencies=[WRITE])
async def person(line_id: UUID, db: Db, caller: CallerDep) -> Response:
    """Who is responsible for the line within the caller's office (责任人)."""
    if await lines.get(db, line_id) is None:
        raise NotFound
    found = LinePersonOut.model_validate(await store.of_line(db, line_id, actor(caller).office))
    return answer(found, version=found.version)


@router.put("/lines/{line_id}/person", response_model=LinePersonOut, dependencies=[WRITE, CHECK])
async def name(given: PersonIn, line_id: UUID, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Names who is responsible within the caller's office; who has an account there is named by it or by name."""
    office = actor(caller).office
    if await lines.get(db, line_id) is None:
        raise NotFound
    await store.hold(db, office)
    before = await store.of_line(db, line_id, office)
    check(before["version"], if_match)
    person = rules.found(await store.people(db, office), given.person) or Named(given.person)
    await store.put(db, [line_id], office, person, caller.name)
    after = await store.of_line(db, line_id, office)
    tenant = offices.jurisdiction(office)
    await audit.record(db, "line_person.named", "line_person", line_id, before, after, tenant=tenant)
    return answer(LinePersonOut.model_validate(after), version=after["version"])


@router.get("/persons", response_model=PersonPage, dependencies=[WRITE])
async def persons(db: Db, caller: CallerDep) -> Response:
    """The people of the caller's office: who has used the platform with account, and others known by name alone."""
    return answer(b'{"items":%b,"next":null}' % await store.persons(db, actor(caller).office))


@router.get("/belongings", response_model=ThingPage, dependencies=[WRITE])
async def belongings(person: Annotated[Filter, Query(description="A name")], db: Db, caller: CallerDep) -> Response:
    """All that is open and a person's within the caller's office: who was named, else who last worked on it."""
    found = await store.belongings(db, actor(caller).office, person)
    return answer(ThingPage.model_validate({"items": found, "next": None}))


@router.get("/handovers", response_model=HandoverPage, dependencies=[READ])
async def handovers(db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None) -> Response:
    """The handovers of the caller's office, newest first; of all for the province and auditors."""
    return answer(await store.page(db, limit=limit, cursor=cursor))


@router.post("/handovers", response_model=HandoverOut, status_code=201, dependencies=[WRITE, CHECK])
async def hand_over(given: HandoverIn, db: Db, caller: CallerDep) -> Response:
    """Passes all that is open and a person's to another one of the office, who has an account there.

    409 when the list is not as confirmed. What was written before keeps the name of who wrote it.
    """
    office = actor(caller).office
    await store.hold(db, office)
    known = await store.people(db, office)
    receiver, giver = rules.receiver(known, given.receiver), rules.found(known, given.giver) or Named(given.giver)
    things = await store.belongings(db, office, giver.name)
    rules.must_hold(giver.name, receiver.name, [thing["id"] for thing in things], given.things)
    own = [thing["id"] for thing in things if thing["kind"] == Kind.LINE]
    await store.put(db, own, office, receiver, caller.name)
    await store.entrust(db, [thing for thing in things if thing["kind"] != Kind.LINE], office, receiver, caller.name)
    persons = {"giver": giver.name, "giver_account": giver.account}
    persons |= {"receiver": receiver.name, "receiver_account": receiver.account}
    handover_id = await store.add(db, office, persons | {"reason": given.reason}, things, caller.name)
    made = await store.get(db, handover_id) or {}
    tenant = offices.jurisdiction(office)
    await audit.record(db, "handover.made", "handover", handover_id, None, made, tenant=tenant, reason=given.reason)
    await events.tell(db, made)
    return answer(HandoverOut.model_validate(made), version=made["version"], status=201)


@router.get("/handovers/{handover_id}", response_model=HandoverOut, dependencies=[READ])
async def handover(handover_id: UUID, db: Db) -> Response:
    """One handover with its list."""
    found = await store.get(db, handover_id)
    if found is None:
        raise NotFound
    return answer(HandoverOut.model_validate(found), version=found["version"])
