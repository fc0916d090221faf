"""The worker: consumes what progress says, and the catalog of plans that are written; keeps the events of progress for
the feed; knows the offices that the catalog publishes; keeps Keycloak and Kafka in step with the grants of integrators;
tells of announcements, sends by all channels, posts to webhooks, publishes dead letters, and forgets what is old.
"""

import asyncio
import contextlib
from functools import partial

from chassis import clock, telemetry
from chassis.inbox import Consumer
from chassis.measuring import CONSUMED, OUTBOX, Measuring
from chassis.outbox import Publisher
from chassis.process import Task, run_worker
from chassis.tenancy import Database
from notify import channels
from notify.announcements.telling import Telling
from notify.deliveries import queue as deliveries
from notify.deliveries.sending import Sending, look
from notify.feed import events as feed
from notify.feed import rules as feed_rules
from notify.feed import store as feed_store
from notify.inbox.events import CATALOG, CATALOG_GROUP, CATALOG_HANDLERS, GROUP, HANDLERS, TOPICS
from notify.integrators.keeper import Keeper
from notify.mail.addressing import Addressing
from notify.mail.digests import Digests
from notify.mail.directory import Directory
from notify.measures import WAITING
from notify.offices import events as offices
from notify.preferences import calendar
from notify.settings import NotifySettings
from notify.stream import store as stream
from notify.webhooks import queue
from notify.webhooks.addresses import networks
from notify.webhooks.delivering import Delivering
from notify.webhooks.sending import Sender

CHANGES_KEPT_MINUTES = 60
CONNECTIONS = 24
"""As many tasks and lanes may have a transaction at once."""


async def work() -> None:
    """Until SIGTERM or SIGINT."""
    settings = NotifySettings()
    database = Database(settings.database_url, most=CONNECTIONS)

    consumer = Consumer(settings, database, "notify", GROUP, TOPICS, HANDLERS | calendar.HANDLERS)
    catalog = Consumer(settings, database, "notify", CATALOG_GROUP, [CATALOG], CATALOG_HANDLERS)
    kept = Consumer(settings, database, "notify", feed.GROUP, TOPICS, feed.HANDLERS, feed.PACE_SECONDS)
    known = Consumer(settings, database, "notify", offices.GROUP, [offices.TOPIC], offices.HANDLERS)
    telling = Telling(database)
    directory = Directory(settings)
    addressing = Addressing(database, directory)
    digests = Digests(database, directory, settings.gateway_url)
    integrators = Keeper(settings, database)
    sender = Sender(networks(settings.webhook_networks))
    sending = _sending(settings, database, channels.Means(settings, database, sender, clock.now))
    posting = Delivering(database, sender, settings.instance)
    measuring = Measuring(settings.database_url, (*OUTBOX, *CONSUMED, *WAITING))
    consumers: list[Task] = [consumer.run, catalog.run, kept.run, known.run]
    people: list[Task] = [telling.run, addressing.run, digests.run, *sending]
    tasks: list[Task] = [*consumers, Publisher(settings).run, *people, posting.run, partial(_forget, database)]
    try:
        await run_worker(settings, database.ready, [*tasks, integrators.run, measuring.run])
    finally:
        await sender.close()
        await database.close()


def _sending(settings: NotifySettings, database: Database, means: channels.Means) -> list[Task]:
    """A task for each channel, and the one that wakes them."""
    found = {
        code: Sending(database, code, module.channel(means), worker=settings.instance, gateway_url=settings.gateway_url)
        for code, module in channels.modules().items()
    }
    return [*(each.run for each in found.values()), partial(look, database, found)]


async def _forget(database: Database, stop: asyncio.Event) -> None:
    """Once a minute."""
    while not stop.is_set():
        try:
            async with database.session() as db:
                await stream.forget(db, CHANGES_KEPT_MINUTES)
                await feed_store.forget(db, feed_rules.oldest_kept(clock.now()))
                await queue.forget(db, clock.now())
                await deliveries.forget(db, clock.now())
        except Exception as error:
            telemetry.log.warning("old changes and events stay: %s: %s", type(error).__name__, error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 60)
