"""Who may read progress at all, and as whom a caller acts."""

from typing import Any

from fastapi import Request

from chassis.auth import Caller, CallerDep, Role, allow, guard
from chassis.clock import Today
from chassis.problems import Forbidden
from chassis.tenancy import Db
from progress import people
from progress.lines.rules import Actor


def _known(*roles: Role) -> Any:
    """As ``allow``; and who comes is known from then on among the people of the office."""

    async def check(request: Request, caller: CallerDep, db: Db, today: Today) -> None:
        if not caller.has(*roles):
            raise Forbidden
        people.note(db, caller, actor(caller).office, today, request.app.state.seen)

    return guard(check, *roles)


READ = _known(Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.AUDITOR)
DECIDE = allow(Role.PROVINCE)
SCHEDULE = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT)
WRITE = _known(Role.CITY, Role.DEPARTMENT)
REVIEW = allow(Role.DEPARTMENT)
SUBMIT = allow(Role.CITY)
EVALUATE = allow(Role.PROVINCE, Role.DEPARTMENT)


async def _manages(caller: CallerDep) -> None:
    if not (caller.has(Role.ADMIN) and caller.has(Role.CITY, Role.DEPARTMENT)):
        raise Forbidden


CHECK = guard(_manages, Role.CITY, Role.DEPARTMENT)
"""Those who manage an office's users also check what it files."""


def actor(caller: Caller) -> Actor:
    """The caller in the one capacity that row-level security sees as well."""
    return Actor(caller.scope, caller.tenant, caller.unit)
