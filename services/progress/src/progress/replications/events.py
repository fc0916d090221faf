"""What is published about replications."""

from chassis.tenancy import Session
from progress.publishing import publish
from progress.replications import store
from progress.replications.rules import Reminder, Replication


async def tell(db: Session, replication: Replication) -> None:
    """Publishes ``replication.<state>`` on the topic of the zone that takes over."""
    data = await store.data(db, replication)
    await publish(db, f"replication.{data['state']}", data, {"replication": data}, replication.zone)


async def remind(db: Session, replication: Replication, reminder: Reminder) -> None:
    """Publishes ``replication.<reminded|escalated>`` there."""
    data = await store.data(db, replication)
    await publish(db, f"replication.{reminder}", data, {"replication": data}, replication.zone)
