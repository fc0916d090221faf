"""A task of the worker: turns requests for mails into letters to people, each as the person wants it."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from chassis import clock, telemetry
from chassis.tenancy import Database, RowMapping, Session
from chassis.workdays import WorkCalendar
from notify.deliveries import store as deliveries
from notify.deliveries.store import Letter
from notify.inbox.levels import narrowed
from notify.mail import rules, store, wording
from notify.mail.directory import Directory
from notify.mail.wording import News
from notify.preferences import calendar, groups
from notify.preferences import rules as preferences
from notify.preferences import store as chosen
from notify.preferences.rules import DEFAULT, Choice, Language, Preference
from notify.robots import telling

BATCH = 50
REST_SECONDS = 0.5


class Addressing:
    """People are looked up when the mail is due, outside any transaction."""

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
            due = await store.due(db, BATCH)
        for request in due:
            try:
                people = await self._directory.people(request["audience"])
                admins = await self._directory.admins()
            except Exception as error:
                await self._postpone(request, error)
                return False
            async with self._database.session() as db:
                news = await store.claim(db, request["entry_id"], request["thing"])
                if news:
                    await _tell(db, news, people, admins, clock.now())
        return bool(due)

    async def _postpone(self, request: RowMapping, error: Exception) -> None:
        telemetry.log.warning("no addresses of %s: %s", request["audience"], type(error).__name__)
        pause = rules.pause_seconds(request["attempts"] + 1)
        async with self._database.session() as db:
            await store.postpone(db, request["entry_id"], pause, type(error).__name__)


async def _tell(db: Session, news: list[News], people: Mapping[str, str], admins: Set[str], now: datetime) -> None:
    """Writes to people, and to the robots of their office, of what has just happened to one thing; what people want
    later is kept for them.
    """
    readers = [(each, narrowed(each.level, people, admins)) for each in news]
    chose, days = await chosen.of(db, people), await calendar.corrected(db)
    letters, waiting = [], []
    for sub, address in people.items():
        preference, at_once = chose.get(sub, DEFAULT), []
        own = [each for each, told in readers if sub in told]
        for each, due in _when(own, preference, now, days):
            if due == now:
                at_once.append(each)
            else:
                waiting.append((sub, each, due))
        letters += [letter(address, at_once, preference.language)] if at_once else []
    await store.wait(db, waiting)
    kinds, whole = [each.kind for each in news], letter("", news, Language.CHINESE)
    robots = await telling.letters(db, news[0].audience, kinds, whole)
    await deliveries.deliver(db, [*letters, *robots])


def _when(
    news: Iterable[News], preference: Preference, now: datetime, days: WorkCalendar
) -> Iterable[tuple[News, datetime | None]]:
    """When each is told by mail, None: in the digest. What is not told by mail is left out."""
    for each in news:
        choice = preferences.choice(preference, each.kind)
        if choice is Choice.DIGEST:
            yield each, None
        elif choice is Choice.NOW:
            must = groups.of_kind(each.kind).must
            yield each, preferences.free_from(preference, now, days, must=must)


def letter(address: str, news: list[News], language: Language) -> Letter:
    """A mail about one thing."""
    (news,) = wording.by_thing(news)
    words, newest = wording.joined(news, language), news[-1]
    return Letter("mail", address, newest.key, words.title, words.body, newest.href, newest.at)
