"""Who may read progress at all, and as whom a caller acts."""

from fastapi import Depends

from chassis.auth import Caller, CallerDep, Role, allow
from chassis.problems import Forbidden
from progress.lines.rules import Actor

READ = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.AUDITOR)
DECIDE = allow(Role.PROVINCE)
SCHEDULE = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT)
WRITE = allow(Role.CITY, Role.DEPARTMENT)
REVIEW = allow(Role.DEPARTMENT)
SUBMIT = allow(Role.CITY)
EVALUATE = allow(Role.PROVINCE, Role.DEPARTMENT)


async def _manages(caller: CallerDep) -> None:
    if not (caller.has(Role.ADMIN) and caller.has(Role.CITY, Role.DEPARTMENT)):
        raise Forbidden


CHECK = Depends(_manages)
"""Those who manage an office's users also check what it files."""


def actor(caller: Caller) -> Actor:
    """The caller in the one capacity that row-level security sees as well."""
    return Actor(caller.scope, caller.tenant, caller.unit)
