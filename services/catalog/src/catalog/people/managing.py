"""Who manages people: the guards of every route, and what the routes have in common."""

from typing import Annotated

from fastapi import Depends, Request, Response

from catalog.people import rules, store
from catalog.people.directory import Directory
from catalog.people.rules import Manager, Person
from catalog.people.schemas import PersonBrief, PersonOut
from chassis import audit
from chassis.auth import CallerDep, Role, allow
from chassis.problems import Forbidden, NotFound
from chassis.routing import answer as answered
from chassis.routing import check
from chassis.tenancy import Session


async def _oneself(caller: CallerDep) -> None:
    """Accounts are no deputy's to manage: it could make rights that last of those that end."""
    if caller.acting_for is not None:
        raise Forbidden("代理他人期间不能管理用户和代理，请恢复本人身份后办理。")


async def _manager(caller: CallerDep) -> Manager:
    found = rules.manager(caller)
    if found is None:
        raise Forbidden
    return found


def _directory(request: Request) -> Directory:
    directory: Directory = request.app.state.people
    return directory


ONESELF = Depends(_oneself)
GUARDS = [allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.SECURITY), ONESELF, Depends(_manager)]
By = Annotated[Manager, Depends(_manager)]
People = Annotated[Directory, Depends(_directory)]


async def found(directory: Directory, by: Manager, id_: str) -> Person:
    """404 for whoever is not of the caller's office, by its rights and by the organization that it is in."""
    person = await directory.person(id_)
    if person is None or not by.sees(person.office):
        raise NotFound
    if by.office is not None and not await directory.belongs(by.office, id_):
        raise NotFound
    return person


async def changing(directory: Directory, db: Session, by: Manager, id_: str, if_match: int) -> Person:
    """The person as it is, changed by nobody else until the request's end."""
    await store.alone(db, (await found(directory, by, id_)).office)
    person = await found(directory, by, id_)
    check(person.version, if_match)
    rules.check_manages(by, person)
    return person


async def note(db: Session, act: str, before: Person | None, after: Person, reason: str | None = None) -> None:
    """Who did what to whom."""
    kind, _, code = (after.office or "").partition(":")
    noted = before.noted if before else None
    tenant = code if kind == "zone" else None
    await audit.record(db, act, "person", after.id, noted, after.noted, tenant=tenant, reason=reason)


def brief(person: Person) -> PersonBrief:
    return PersonBrief(
        id=person.id,
        username=person.username,
        name=person.name,
        email=person.email,
        enabled=person.enabled,
        office=person.office,
        roles=person.ordered,
    )


def shown(by: Manager, person: Person) -> PersonOut:
    return PersonOut(
        **brief(person).model_dump(),
        version=person.version,
        grantable=list(rules.grantable(person.office)),
        actions=rules.actions(by, person),
    )


def answer(by: Manager, person: Person) -> Response:
    return answered(shown(by, person), version=person.version)
