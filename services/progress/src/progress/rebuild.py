"""Builds the copy of the catalog again from its topic, and brings the lines to it."""

from pydantic import ValidationError

from chassis import clock, telemetry
from chassis.events import Event
from chassis.failures import said
from chassis.inbox import replay
from chassis.settings import Settings
from chassis.tenancy import Database, Session
from progress.catalog_copy import events as catalog_copy
from progress.catalog_copy import store as copy
from progress.catalog_copy.schemas import Task
from progress.lines import opening
from progress.topics import Topics

CATALOG = "catalog"
_TASKS = {"zoneportal.catalog.task.published.v1": False, "zoneportal.catalog.task.withdrawn.v1": True}


class NothingThere(Exception):
    """The topic has no events: most likely the wrong broker. Nothing was changed."""


async def rebuild(settings: Settings) -> int:
    """Reads the whole topic and ends in the state that its events give, in one transaction; the number of events.

    Lines, reports and history stay; only lines that differ from their task are opened, updated or withdrawn.
    Raises NothingThere.
    """
    database = Database(settings.database_url, most=10)
    try:
        async with database.session() as session:
            await session.run("SET LOCAL lock_timeout = '1min'")
            await copy.lock(session)
            return await _rebuild(session, settings)
    finally:
        await database.close()


async def _rebuild(db: Session, settings: Settings) -> int:
    topics = Topics(settings)
    handlers = catalog_copy.handlers(topics)
    known = {code: await copy.task(db, code) for code in await copy.task_codes(db)}
    await copy.forget_versions(db)

    async def take(event: Event) -> None:
        try:
            if event.type in _TASKS:
                task = Task.model_validate(event.data)
                await copy.put_task(db, task, event.sequence, withdrawn=_TASKS[event.type])
            elif event.type in handlers:
                await handlers[event.type](db, event)
        except ValidationError as error:
            telemetry.log.warning(
                "event %s passed over: %s", event.id, said(error)
            )  # the worker has given it up as well

    count = await replay(settings, CATALOG, take)
    if not count:
        raise NothingThere(f"no events on {CATALOG}")
    await copy.remove_stale(db)
    for code in await copy.task_codes(db):
        await opening.reconcile(db, known.get(code), code, clock.today())
    return count
