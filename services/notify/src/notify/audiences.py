"""Whom a piece of news is for: ``role:province``, ``zone:<code>`` or ``unit:<code>``; a person belongs to one.

What is for an ``integrator:<client>`` goes by mail alone.
"""

from chassis.auth import Caller, Role, allow

PROVINCE = "role:province"
READ = allow(Role.PROVINCE, Role.CITY, Role.DEPARTMENT)


def zone(code: str) -> str:
    return f"zone:{code}"


def unit(code: str) -> str:
    return f"unit:{code}"


def integrator(client: str) -> str:
    return f"integrator:{client}"


def of(caller: Caller) -> str | None:
    """The caller's audience, as row-level security sees it too; None for people who get no news."""
    if caller.scope == "all":
        return PROVINCE
    if caller.scope == "tenant" and caller.tenant:
        return zone(caller.tenant)
    return unit(caller.unit) if caller.scope == "unit" and caller.unit else None
