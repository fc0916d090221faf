"""How many people a zone has: numbers alone, for the province that sets it up and manages none of them."""

from fastapi import Response

from catalog.access import MAINTAIN
from catalog.names import ZoneCode
from catalog.people import rules
from catalog.people.managing import People
from catalog.people.schemas import AccountsOut
from catalog.zones import store as zones
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db

router = Router(tags=["people"])


@router.get("/zones/{code}/accounts", response_model=AccountsOut, dependencies=[MAINTAIN])
async def accounts(code: ZoneCode, db: Db, directory: People) -> Response:
    """How many people of a zone may log in, and how many of them manage the others; not who they are."""
    if await zones.get(db, code) is None:
        raise NotFound
    office = f"zone:{code}"
    people = [each for each in await directory.colleagues(office) if each.enabled and each.office == office]
    return answer(AccountsOut(people=len(people), administrators=sum(map(rules.is_administrator, people))))
