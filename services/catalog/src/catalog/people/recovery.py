"""A lost password or second factor is reset, and logins elsewhere are ended; by who manages the person."""

from uuid import UUID

from fastapi import Response

from catalog.people import managing, rules
from catalog.people.managing import GUARDS, By, People
from catalog.people.schemas import LogoutIn, PersonOut, Reset, ResetIn
from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Db

router = Router(tags=["people"], dependencies=GUARDS)


@router.post("/people/{person_id}/reset", response_model=Reset)
async def reset(person_id: UUID, given: ResetIn, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Takes the password, the second factors (TOTP, passkeys) or both from an account, and ends its sessions.

    The person is written to, to choose a new password; when that fails, the answer has one for once.
    """
    person = await managing.changing(directory, db, by, str(person_id), if_match)
    if not person.enabled:
        raise rules.NotNow("该用户已经停用。")
    if "second_factors" in given.what:
        await directory.forget_second_factors(person.id)
    password = await directory.forget_password(person.id) if "password" in given.what else None
    mailed = password is not None and await directory.write_to(person.id, ["UPDATE_PASSWORD"])
    await directory.end(person.id, None)
    for each in sorted(set(given.what)):
        await managing.note(db, f"person.{each}_reset", person, person)
    made = Reset(**managing.shown(by, person).model_dump(), mailed=mailed, password=None if mailed else password)
    shown = answer(made, version=person.version)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.post("/people/{person_id}/logout", response_model=PersonOut)
async def logout(person_id: UUID, given: LogoutIn, by: By, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Ends one login of the person, or all. 404 for one that has ended."""
    person = await managing.changing(directory, db, by, str(person_id), if_match)
    await directory.end(person.id, given.session)
    await managing.note(db, "person.logged_out", person, person)
    return managing.answer(by, person)
