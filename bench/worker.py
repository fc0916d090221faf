"""The publisher of an outbox, or a consumer of one topic into the feed, as a process like those of the services.

``python -m bench.worker publish`` or ``consume topic group``; settings as of a service.
"""

import asyncio
import signal
import sys

import uvloop

from chassis import telemetry
from chassis.inbox import Consumer
from chassis.outbox import Publisher
from chassis.settings import Settings
from chassis.tenancy import Database
from notify.feed.events import HANDLERS, PACE_SECONDS


async def _work(what: str, *where: str) -> None:
    settings, stop = Settings(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if what == "publish":
        await Publisher(settings).run(stop)
    else:
        topic, group = where
        database = Database(settings.database_url)
        await Consumer(settings, database, "notify", group, [topic], HANDLERS, PACE_SECONDS).run(stop)
        await database.close()


if __name__ == "__main__":
    telemetry.configure("bench", "INFO")
    uvloop.run(_work(*sys.argv[1:]))
