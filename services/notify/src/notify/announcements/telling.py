"""A task of the worker: brings what is said of announcements to the inboxes and mails, and reminds before they end."""

import asyncio
import contextlib
from datetime import timedelta

from chassis import clock, telemetry
from chassis.tenancy import Database
from notify.announcements import news, rules, store
from notify.announcements.rules import Notice
from notify.inbox import store as inbox
from notify.inbox.store import Told
from notify.mail import store as mail
from notify.stream import store as stream

REST_SECONDS = 1.0
REMINDERS = (Notice.REMINDER, Notice.EXPIRING)


class Telling:
    """A notice is a row until it was told, so that a restart neither loses nor repeats one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for notices every second until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self._remind()
                while await self._tell():
                    pass
            except Exception as error:
                telemetry.log.warning("announcements wait: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)

    async def _remind(self) -> None:
        now, today = clock.now(), clock.today()
        async with self._database.session() as db:
            for each in await store.expiring(db, today, today + timedelta(rules.REMINDED_DAYS)):
                if rules.reminds(each["shown_until"], each["published_at"], now):
                    await store.notice(db, each["id"], Notice.EXPIRING)

    async def _tell(self) -> bool:
        """Whether there was one to tell."""
        async with self._database.session() as db:
            notice = await store.next_notice(db)
            if notice is None:
                return False
            reminds = notice["kind"] in REMINDERS
            offices = await store.to_tell(db, notice["announcement_id"], waiting_only=reminds)
            entries = news.entries(dict(notice), offices)
            if entries:
                position = await inbox.next_position(db)
                await mail.request(db, await inbox.put(db, [Told(entry, position) for entry in entries]))
                await stream.wake(db, offices)
            await store.told(db, notice["id"])
        return True
