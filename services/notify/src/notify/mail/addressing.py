"""A task of the worker: turns requests for mails into deliveries, one per address of the audience."""

import asyncio
import contextlib

from sqlalchemy import RowMapping

from chassis import telemetry
from chassis.tenancy import Database
from notify.deliveries import store as deliveries
from notify.deliveries.store import Letter
from notify.mail import rules, store
from notify.mail.directory import Directory
from notify.robots import telling

BATCH = 50
REST_SECONDS = 0.5


class Addressing:
    """Addresses are looked up when the mail is due, outside any transaction."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database, self._directory = database, directory

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for due requests twice a second until ``stop`` is set."""
        while not stop.is_set():
            try:
                if await self._work_off():
                    continue
            except Exception as error:
                telemetry.log.warning("addressing interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)

    async def _work_off(self) -> bool:
        """Whether there may be more to do at once; not when the directory has just failed."""
        async with self._database.session() as db:
            requests = await store.due_requests(db, BATCH)
        for request in requests:
            try:
                addresses = await self._directory.addresses(request["audience"])
            except Exception as error:
                await self._postpone(request, error)
                return False
            async with self._database.session() as db:
                entry = await store.claim(db, request["entry_id"])
                if entry is not None:
                    letters = [_letter(entry, address) for address in addresses]
                    robots = await telling.letters(db, entry["audience"], [entry["kind"]], _letter(entry, ""))
                    await deliveries.deliver(db, [*letters, *robots])
        return bool(requests)

    async def _postpone(self, request: RowMapping, error: Exception) -> None:
        telemetry.log.warning("no addresses of %s: %s", request["audience"], type(error).__name__)
        pause = rules.pause_seconds(request["attempts"] + 1)
        async with self._database.session() as db:
            await store.postpone_request(db, request["entry_id"], pause, type(error).__name__)


def _letter(entry: RowMapping, address: str) -> Letter:
    return Letter("mail", address, str(entry["id"]), entry["title"], entry["body"], entry["href"], entry["at"])
