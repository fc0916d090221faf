"""The catalog's worker: publishes the outbox and keeps up the organizations."""

from catalog.organizations.keeper import Keeper
from catalog.settings import CatalogSettings
from chassis.measuring import OUTBOX, Measuring
from chassis.outbox import Publisher
from chassis.process import run_worker
from chassis.tenancy import Database


async def work() -> None:
    """Until SIGTERM or SIGINT."""
    settings = CatalogSettings()
    database = Database(settings.database_url, most=10)
    try:
        measuring = Measuring(settings.database_url, OUTBOX)
        tasks = [Publisher(settings).run, Keeper(settings, database).run, measuring.run]
        await run_worker(settings, database.ready, tasks)
    finally:
        await database.close()
