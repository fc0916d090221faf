"""What is published about days: the totals of each jurisdiction when one is closed."""

from datetime import date

from chassis.tenancy import Session
from progress.past import store
from progress.past.schemas import figures
from progress.publishing import publish


async def tell(db: Session, day: date, *, reconstructed: bool) -> None:
    """Publishes ``day.closed`` for each jurisdiction that has, or had, lines."""
    for row in await store.totals(db, day):
        place = row["jurisdiction"]
        closed = {"id": f"{place}/{day}", "day": day, "jurisdiction": place, "reconstructed": reconstructed}
        told = closed | figures(row) | {"version": 1}
        await publish(db, "day.closed", told, {"day": told}, place)
