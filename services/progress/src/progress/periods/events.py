"""What is published about periods: on the topic of each jurisdiction, and of its own offices only."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from chassis.tenancy import RowMapping, Session
from progress.publishing import publish


async def tell(
    db: Session,
    what: str,
    period: Mapping[str, Any],
    owing: Iterable[RowMapping],
) -> None:
    """Publishes ``period.<what>``: opened, due_soon or overdue, by jurisdiction.

    ``owing`` has ``jurisdiction``, ``office`` and ``filings``, in the order of jurisdictions.
    """
    for jurisdiction, offices in groupby(owing, itemgetter("jurisdiction")):
        data = {"period": period, "jurisdiction": jurisdiction, "offices": list(offices)}
        await publish(db, f"period.{what}", period, data, jurisdiction)
