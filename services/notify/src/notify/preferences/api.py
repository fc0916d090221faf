"""How the caller wants to be told (通知设置)."""

from fastapi import Response

from chassis import audit
from chassis.auth import CallerDep
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db
from notify.audiences import READ
from notify.preferences import rules, store
from notify.preferences.schemas import PreferenceIn, PreferenceOut, audited, shown
from notify.preferences.store import Kept

router = Router(tags=["preferences"], dependencies=[READ])


@router.get("/preferences", response_model=PreferenceOut)
async def preferences(db: Db, caller: CallerDep) -> Response:
    """What the caller chose: by group of news, and when mails come. The inbox has all news whatever is chosen."""
    return _answer(await store.get(db, caller.sub))


@router.put("/preferences", response_model=PreferenceOut)
async def choose(given: PreferenceIn, db: Db, caller: CallerDep, if_match: IfMatch) -> Response:
    """Chooses anew, for mails of news from then on. 422 for a group that has to be read and is not left as it is."""
    wanted = given.preference()
    rules.check(wanted.choices, wanted.quiet)
    before = await store.get(db, caller.sub)
    check(before.version, if_match)
    saved = await store.put(db, caller.sub, wanted, if_match)
    after = await store.get(db, caller.sub)
    if not saved:
        check(after.version, if_match)
    tenant = caller.tenant if caller.scope == "tenant" else None
    await audit.record(
        db,
        "preference.changed",
        "preference",
        caller.sub,
        audited(before.preference),
        audited(after.preference),
        tenant=tenant,
    )
    return _answer(after)


def _answer(kept: Kept) -> Response:
    return answer(shown(kept.preference, kept.version, kept.changed_at), version=kept.version)
