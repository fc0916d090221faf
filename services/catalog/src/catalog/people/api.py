"""People and their accounts (用户): an office's administrators manage their own, the security administrator all."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from catalog.people import rules, store
from catalog.people.directory import Directory
from catalog.people.rules import Manager, Person
from catalog.people.schemas import (
    Blocking,
    Invited,
    OfficeOut,
    PersonBrief,
    PersonIn,
    PersonOut,
    PersonPage,
    RolesIn,
)
from chassis import audit, pages
from chassis.auth import CallerDep, Role, allow
from chassis.problems import Forbidden, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Filter
from chassis.tenancy import Db, Session

MANAGE = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.SECURITY)


async def _manager(caller: CallerDep) -> Manager:
    found = rules.manager(caller)
    if found is None:
        raise Forbidden
    return found


def _directory(request: Request) -> Directory:
    directory: Directory = request.app.state.people
    return directory


router = Router(tags=["people"], dependencies=[MANAGE, Depends(_manager)])
By = Annotated[Manager, Depends(_manager)]
People = Annotated[Directory, Depends(_directory)]


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
    found = await directory.page(office or by.office, search or "", first, limit + 1)
    offices = [each for each in await directory.offices() if by.sees(each[0])]
    return answer(
        PersonPage(
            items=[_brief(person) for person in found[:limit]],
            next=pages.encode(first + limit) if len(found) > limit else None,
            offices=[
                OfficeOut(office=office, name=name, roles=list(rules.grantable(office))) for office, name in offices
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
    person = await _found(directory, by, id_)
    await _note(db, "person.invited", None, person)
    made = Invited(**_shown(by, person).model_dump(), mailed=mailed, password=password)
    shown = answer(made, version=person.version, status=201)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.get("/people/{person_id}", response_model=PersonOut)
async def person(person_id: UUID, by: By, directory: People) -> Response:
    """One person's account."""
    return _answer(by, await _found(directory, by, str(person_id)))


@router.put("/people/{person_id}/roles", response_model=PersonOut)
async def set_roles(person_id: UUID, given: RolesIn, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Gives the person these roles and no others. 422 for one that the person's office does not have."""
    before = await _changing(directory, db, by, str(person_id), if_match)
    rules.check_roles(before.office, given.roles)
    if rules.is_administrator(before):
        rules.check_remains(before, given.roles, await directory.colleagues(before.office))
    if set(given.roles) != before.roles:
        await directory.set_roles(before, given.roles)
    after = await _found(directory, by, str(person_id))
    await _note(db, "person.roles_changed", before, after)
    return _answer(by, after)


@router.post("/people/{person_id}/block", response_model=PersonOut)
async def block(person_id: UUID, given: Blocking, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Keeps the person out (停用) and ends its sessions. 409 for the last administrator of an office."""
    before = await _changing(directory, db, by, str(person_id), if_match)
    if not before.enabled:
        raise rules.NotNow("该用户已经停用。")
    if rules.is_administrator(before):
        rules.check_remains(before, None, await directory.colleagues(before.office))
    return await _switched(directory, db, by, before, enabled=False, reason=given.reason)


@router.post("/people/{person_id}/unblock", response_model=PersonOut)
async def unblock(person_id: UUID, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Lets the person in again (启用), with the roles that it has."""
    before = await _changing(directory, db, by, str(person_id), if_match)
    if before.enabled:
        raise rules.NotNow("该用户没有停用。")
    return await _switched(directory, db, by, before, enabled=True)


async def _switched(
    directory: Directory, db: Session, by: Manager, before: Person, *, enabled: bool, reason: str | None = None
) -> Response:
    await directory.set_enabled(before.id, enabled)
    after = await _found(directory, by, before.id)
    await _note(db, "person.unblocked" if enabled else "person.blocked", before, after, reason)
    return _answer(by, after)


async def _found(directory: Directory, by: Manager, id_: str) -> Person:
    """404 for whoever is not of the caller's office, by its rights and by the organization that it is in."""
    found = await directory.person(id_)
    if found is None or not by.sees(found.office):
        raise NotFound
    if by.office is not None and not await directory.belongs(by.office, id_):
        raise NotFound
    return found


async def _changing(directory: Directory, db: Session, by: Manager, id_: str, if_match: int) -> Person:
    """The person as it is, changed by nobody else until the request's end."""
    await store.alone(db, (await _found(directory, by, id_)).office)
    found = await _found(directory, by, id_)
    check(found.version, if_match)
    rules.check_manages(by, found)
    return found


async def _note(db: Session, act: str, before: Person | None, after: Person, reason: str | None = None) -> None:
    kind, _, code = (after.office or "").partition(":")
    noted = before.noted if before else None
    tenant = code if kind == "zone" else None
    await audit.record(db, act, "person", after.id, noted, after.noted, tenant=tenant, reason=reason)


def _brief(person: Person) -> PersonBrief:
    return PersonBrief(
        id=person.id,
        username=person.username,
        name=person.name,
        email=person.email,
        enabled=person.enabled,
        office=person.office,
        roles=person.ordered,
    )


def _shown(by: Manager, person: Person) -> PersonOut:
    return PersonOut(
        **_brief(person).model_dump(),
        version=person.version,
        grantable=list(rules.grantable(person.office)),
        actions=rules.actions(by, person),
    )


def _answer(by: Manager, person: Person) -> Response:
    return answer(_shown(by, person), version=person.version)


def _place(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise ValueError("no place in a list")
    return value
