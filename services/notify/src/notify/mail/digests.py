"""A task of the worker: writes what waited for the end of quiet hours, and the digests (汇总邮件)."""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import datetime

from chassis import clock, telemetry
from chassis.tenancy import Database
from chassis.workdays import WorkCalendar
from notify.deliveries import store as deliveries
from notify.deliveries.store import Letter
from notify.mail import store, wording
from notify.mail.addressing import letter
from notify.mail.directory import Directory
from notify.mail.store import Collected
from notify.preferences import calendar, rules
from notify.preferences import store as chosen
from notify.preferences.rules import DEFAULT, Choice, Preference

BATCH = 100
REST_SECONDS = 10
HREF = "/inbox"


class Digests:
    """News are taken off their lists in the transaction that writes the letter: each is told once, whatever dies."""

    def __init__(self, database: Database, directory: Directory, site: str) -> None:
        self._database, self._directory, self._site = database, directory, site.rstrip("/")

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for what is due every ten seconds until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self.work_off(clock.now())
            except Exception as error:
                telemetry.log.warning("digests interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)

    async def work_off(self, now: datetime) -> None:
        """Writes all that is due at ``now``, however long ago it was due."""
        async with self._database.session() as db:
            waited = await store.waited(db, now, BATCH)
            collected = await store.collected(db)
            preferences = await chosen.of(db, {sub for sub, _ in waited} | {each.sub for each in collected})
            days = await calendar.corrected(db)
        for sub, audiences in waited:
            await self._write(sub, audiences, preferences.get(sub, DEFAULT), now)
        for each in collected:
            preference = preferences.get(each.sub, DEFAULT)
            moment = _due(each, preference, now, days)
            if moment:
                await self._digest(each, preference, moment)

    async def _write(self, sub: str, audiences: Iterable[str], preference: Preference, now: datetime) -> None:
        addresses = await self._addresses(sub, audiences)
        async with self._database.session() as db:
            news = await store.take_waited(db, sub, now)
            told = [each for each in news if each.audience in addresses]
            letters = [
                letter(addresses[thing[0].audience], thing, preference.language) for thing in wording.by_thing(told)
            ]
            await deliveries.deliver(db, letters)

    async def _digest(self, collected: Collected, preference: Preference, moment: datetime) -> None:
        addresses = await self._addresses(collected.sub, collected.audiences)
        async with self._database.session() as db:
            news = [
                each
                for each in await store.take_digest(db, collected.sub, moment)
                if each.audience in addresses and rules.choice(preference, each.kind) is not Choice.NONE
            ]
            if news:
                words = wording.digest(news, moment, preference.language, self._site)
                key = f"digest/{collected.sub}/{moment.date()}"
                address = addresses[news[0].audience]
                await deliveries.deliver(db, [Letter("mail", address, key, words.title, words.body, HREF, moment)])

    async def _addresses(self, sub: str, audiences: Iterable[str]) -> dict[str, str]:
        """The person's address by audience; of those that the person still belongs to."""
        found = {audience: await self._directory.people(audience) for audience in audiences}
        return {audience: people[sub] for audience, people in found.items() if sub in people}


def _due(collected: Collected, preference: Preference, now: datetime, days: WorkCalendar) -> datetime | None:
    """When the digest was due that is to be made now; None while there is none."""
    moment = rules.digest_moment(preference, now, days)
    made = collected.last is not None and collected.last >= moment.date()
    if made or collected.since >= moment or rules.free_from(preference, moment, days) > now:
        return None
    return moment
