"""Deputyships as Keycloak has them: read from all accounts of an office, written to that of the deputy."""

from collections.abc import Iterable
from datetime import date

from catalog.deputyships.rules import Standing
from catalog.people.directory import Directory, Json, name_of
from chassis import audit
from chassis.deputies import ATTRIBUTE, Deputyship
from chassis.tenancy import Session


def standing(accounts: Iterable[Json], today: date) -> list[Standing]:
    """Those of an office's accounts that are not over, the first to begin first."""
    found = [
        Standing(user["id"], called(user), about)
        for user in accounts
        for about in map(Deputyship.of, (user.get("attributes") or {}).get(ATTRIBUTE, ()))
        if about.until >= today
    ]
    return sorted(found, key=lambda each: (each.about.since, each.about.until, each.about.id))


def called(user: Json) -> str:
    """The name of an account's owner, or of the account when it has none."""
    return name_of(user) or str(user["username"])


async def put(directory: Directory, deputy: str, standing: Iterable[Standing]) -> None:
    """All that the deputy has from now on; what is over is forgotten."""
    await directory.set_attribute(deputy, ATTRIBUTE, [str(each.about) for each in standing if each.deputy == deputy])


async def end(directory: Directory, db: Session, ending: Iterable[Standing], present: Iterable[Standing]) -> None:
    """Ends these of the ``present`` ones, whatever their days."""
    gone = list(ending)
    for deputy in {each.deputy for each in gone}:
        await put(directory, deputy, (each for each in present if each not in gone))
    for each in gone:
        await note(db, "deputyship.withdrawn", each, each.noted, None)


async def end_for(directory: Directory, db: Session, office: str | None, person: str, today: date) -> None:
    """Ends those in which a person has a part, who was blocked or has other roles now."""
    present = standing(await directory.accounts(office), today) if office else []
    await end(directory, db, [each for each in present if each.concerns(person)], present)


async def note(db: Session, act: str, about: Standing, before: Json | None, after: Json | None) -> None:
    """Who named or withdrew it."""
    kind, _, code = about.about.office.partition(":")
    tenant = code if kind == "zone" else None
    await audit.record(db, act, "deputyship", about.about.id, before, after, tenant=tenant)
