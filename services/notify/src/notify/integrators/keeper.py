"""A task of the worker: keeps Keycloak and Kafka in step with what is granted, each for itself, within a second."""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg

from chassis import clock, telemetry
from chassis.leading import Lead
from chassis.tenancy import Database
from notify.integrators import rules, store
from notify.integrators.broker import Broker
from notify.integrators.realm import Realm
from notify.integrators.rules import Wish
from notify.settings import NotifySettings

LEADER = 7_241_003
REST_SECONDS = 1.0


class Keeper:
    """Of several workers one keeps them, so that no earlier wish comes after a later one.

    A wish is due until the system has answered for it; all are compared again at the start and once an hour, so that
    what was changed elsewhere, or came back from a backup, does not stay.
    """

    def __init__(self, settings: NotifySettings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._systems: dict[str, Callable[[Wish], None]] = {
            "keycloak": Realm(settings).bring,
            "kafka": Broker(settings).bring,
        }
        self._wakes = {system: asyncio.Event() for system in self._systems}

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set; comes back after losing the database."""
        while not stop.is_set():
            try:
                lead = await Lead.of(self._settings.database_url, LEADER, f"integrators {self._settings.instance}")
                try:
                    await self._lead(lead, stop)
                finally:
                    with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                        await lead.connection.close(timeout=2)
            except Exception as error:
                telemetry.log.warning("integrators interrupted: %s: %s", type(error).__name__, error)
            await clock.rest(REST_SECONDS, stop)

    async def _lead(self, lead: Lead, stop: asyncio.Event) -> None:
        while not await lead.won():
            await clock.rest(REST_SECONDS, stop)
            if stop.is_set():
                return
        await lead.connection.add_listener(store.CHANNEL, self._woken)
        async with self._database.session() as db:
            await store.check_all(db, self._systems)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat(lead, stop))
            for system in self._systems:
                group.create_task(self._keep(system, stop))

    @staticmethod
    async def _beat(lead: Lead, stop: asyncio.Event) -> None:
        """Ends everything when the database does not answer."""
        while not stop.is_set():
            await clock.rest(REST_SECONDS, stop)
            await lead.beat()

    def _woken(self, *_: object) -> None:
        for wake in self._wakes.values():
            wake.set()

    async def _keep(self, system: str, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._wakes[system].clear()
            async with self._database.session() as db:
                due = await store.due(db, system)
            for wish, attempts in due:
                await self._work_on(system, wish, attempts)
            await clock.rest(REST_SECONDS, self._wakes[system], stop)

    async def _work_on(self, system: str, wish: Wish, attempts: int) -> None:
        try:
            await asyncio.to_thread(self._systems[system], wish)
        except Exception as error:
            reason = rules.reason(error)
            telemetry.log.warning("integrator %s: %s is behind: %s", wish.client, system, reason)
            async with self._database.session() as db:
                await store.failed(db, system, wish, attempts + 1, reason, rules.pause_seconds(attempts))
        else:
            async with self._database.session() as db:
                await store.done(db, system, wish, rules.RECHECK_SECONDS)
