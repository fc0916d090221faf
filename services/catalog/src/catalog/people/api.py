"""People and their accounts (用户): an office's administrators manage their own, the security administrator all."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from catalog.deputyships import keeping
from catalog.people import managing, rules, store
from catalog.people.directory import Directory
from catalog.people.managing import GUARDS, By, People
from catalog.people.rules import Manager, Person
from catalog.people.schemas import (
    Blocking,
    Invited,
    OfficeOut,
    PersonIn,
    PersonOut,
    PersonPage,
    PersonWhole,
    RolesIn,
)
from chassis import pages
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import IfMatch, Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, Session

router = Router(tags=["people"], dependencies=GUARDS)


@router.get("/people", response_model=PersonPage)
async def people(
    by: By,
    directory: People,
    search: Filter | None = None,
    office: Annotated[str | None, Query(max_length=40)] = None,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """People of the caller's office, or for security of all offices or one; ``search`` is in their names or e-mail."""
    (first,) = pages.decode(cursor, _place) or (0,)
    if office is not None and not by.sees(office):
        raise NotFound
    found, offices = await asyncio.gather(
        directory.page(office or by.office, rules.searchable(search or ""), first, limit), directory.offices()
    )
    return answer(
        PersonPage(
            items=[managing.brief(person) for person in found.people],
            next=pages.encode(first + limit) if found.more else None,
            total=found.total,
            offices=[
                OfficeOut(office=office, name=name, roles=list(rules.grantable(office)))
                for office, name in offices
                if by.sees(office)
            ],
        )
    )


@router.post("/people", response_model=Invited, status_code=201)
async def invite(given: PersonIn, by: By, directory: People, db: Db) -> Response:
    """Makes an account, and writes to its owner to choose a password. When that fails, the answer has one for once."""
    if not by.sees(given.office):
        raise rules.WrongOffice("只能邀请本单位的用户。")
    rules.check_roles(given.office, given.roles)
    await store.alone(db, given.office)
    about = given.model_dump(include={"username", "name", "email"})
    id_ = await directory.create(about, given.office, given.roles)
    mailed = await directory.write_to(id_, ["UPDATE_PASSWORD"])
    password = None if mailed else await directory.new_password(id_)
    person = await managing.found(directory, by, id_)
    await managing.note(db, "person.invited", None, person)
    made = Invited(**managing.shown(by, person).model_dump(), mailed=mailed, password=password)
    shown = answer(made, version=person.version, status=201)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.get("/people/{person_id}", response_model=PersonWhole)
async def person(person_id: UUID, by: By, directory: People) -> Response:
    """One person's account, its second factors, and where it is logged in."""
    found = await managing.found(directory, by, str(person_id))
    factors, sessions = await asyncio.gather(directory.second_factors(found.id), directory.sessions(found.id))
    shown = managing.shown(by, found).model_dump()
    return answer(PersonWhole(**shown, second_factors=factors, sessions=sessions), version=found.version)


@router.put("/people/{person_id}/roles", response_model=PersonOut)
async def set_roles(
    person_id: UUID, given: RolesIn, by: By, directory: People, db: Db, today: Today, if_match: IfMatch
) -> Response:
    """Gives the person these roles and no others; deputyships end. 422 for one that the office does not have."""
    before = await managing.changing(directory, db, by, str(person_id), if_match)
    rules.check_roles(before.office, given.roles)
    if rules.is_administrator(before):
        rules.check_remains(before, given.roles, await directory.colleagues(before.office))
    if set(given.roles) != before.roles:
        await keeping.end_for(directory, db, before.office, before.id, today)
        await directory.set_roles(before, given.roles)
    after = await managing.found(directory, by, str(person_id))
    await managing.note(db, "person.roles_changed", before, after)
    return managing.answer(by, after)


@router.post("/people/{person_id}/block", response_model=PersonOut)
async def block(
    person_id: UUID, given: Blocking, by: By, directory: People, db: Db, today: Today, if_match: IfMatch
) -> Response:
    """Keeps the person out (停用); its sessions and deputyships end. 409 for the last administrator of an office."""
    before = await managing.changing(directory, db, by, str(person_id), if_match)
    if not before.enabled:
        raise rules.NotNow("该用户已经停用。")
    if rules.is_administrator(before):
        rules.check_remains(before, None, await directory.colleagues(before.office))
    await keeping.end_for(directory, db, before.office, before.id, today)
    return await _switched(directory, db, by, before, enabled=False, reason=given.reason)


@router.post("/people/{person_id}/unblock", response_model=PersonOut)
async def unblock(person_id: UUID, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Lets the person in again (启用), with the roles that it has."""
    before = await managing.changing(directory, db, by, str(person_id), if_match)
    if before.enabled:
        raise rules.NotNow("该用户没有停用。")
    return await _switched(directory, db, by, before, enabled=True)


async def _switched(
    directory: Directory, db: Session, by: Manager, before: Person, *, enabled: bool, reason: str | None = None
) -> Response:
    await directory.set_enabled(before.id, enabled)
    after = await managing.found(directory, by, before.id)
    await managing.note(db, "person.unblocked" if enabled else "person.blocked", before, after, reason)
    return managing.answer(by, after)


def _place(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise ValueError("no place in a list")
    return value
