"""Of which roles a second factor is demanded (第二因素): the security administrator sets it, Keycloak asks for it."""

from fastapi import Response

from catalog.people import rules, store
from catalog.people.managing import People
from catalog.people.schemas import Demands, DemandsOut
from chassis import audit
from chassis.auth import Role, allow
from chassis.routing import IfMatch, Router, answer, check
from chassis.tenancy import Db

router = Router(tags=["people"], dependencies=[allow(Role.SECURITY)])


@router.get("/second-factors", response_model=DemandsOut)
async def demands(directory: People) -> Response:
    """The roles whose people log in with a second factor, and those of which it can be demanded."""
    return _shown(await directory.demanded())


@router.put("/second-factors", response_model=DemandsOut)
async def demand(given: Demands, directory: People, db: Db, if_match: IfMatch) -> Response:
    """Demands it of these roles and no others, from the next login on; who has none sets up one-time codes then."""
    await store.alone(db, rules.SYSTEM)
    before, after = await directory.demanded(), [role for role in rules.MANAGED if role in given.roles]
    check(rules.version_of(before), if_match)
    if len(after) != len(set(given.roles)):
        raise rules.NotGrantable("对接系统不使用第二因素。")
    if after != before:
        await directory.demand(before, after)
        noted = ({"roles": before}, {"roles": after})
        await audit.record(db, "second_factors.demanded", "second_factors", "second-factors", *noted)
    return _shown(after)


def _shown(roles: list[Role]) -> Response:
    version = rules.version_of(roles)
    return answer(DemandsOut(roles=roles, open=list(rules.MANAGED), version=version), version=version)
