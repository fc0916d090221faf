"""Whether the integrator that calls may read, by what is granted to it now. Who may not is told why; it is logged."""

from chassis import telemetry
from chassis.auth import Caller
from chassis.tenancy import Session
from notify.integrators import rules, store


async def check(db: Session, caller: Caller) -> None:
    """Raises a Refused."""
    client = caller.client or ""
    try:
        rules.admit(await store.standing(db, client))
    except rules.Refused as refusal:
        telemetry.log.warning("integrator %s refused: %s", client or caller.username, refusal.slug)
        raise
