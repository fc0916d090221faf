"""Many events while receivers are slow, wrong, dead and restarted and workers are killed at random: each has its effect
once, in order. ``ZP_STORM_EVENTS`` says how many, ``ZP_STORM_SEED`` repeats what happened.
"""

import asyncio
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from chassis.events import Event
from chassis.tenancy import Database
from deploy.local.system import System
from deploy.local.tokens import integrator_token
from examples.access import Access
from notify.inbox import rules
from notify.inbox.events import GROUP, HANDLERS
from tests.chaos import integrators
from tests.chaos.integrators import Ledger, Receiver
from tests.chaos.telling import PLACES, STEPS, Story
from tests.support import NOTIFY, Json, client_of, until

EVENTS = int(os.environ.get("ZP_STORM_EVENTS", "400"))
SEED = int(os.environ.get("ZP_STORM_SEED", "0")) or random.randrange(1, 10**6)
LARGE = EVENTS > 5000
VERSIONS = 25 if LARGE else 5
PATIENCE = 600 if LARGE else 120
PACE = 2.0 if LARGE else 0.2
KILLS = 1000 if LARGE else 1
KILL_AFTER = (10.0, 60.0) if LARGE else (0.3, 2.0)
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^@]+)@", re.IGNORECASE | re.MULTILINE)
WORKERS = ("notify-worker", "progress-worker")
LINES = tuple(f"zoneportal.progress.line.{what}.v1" for what in STEPS["line"])
REPORTS = tuple(f"zoneportal.progress.report.{what}.v1" for what in ("submitted", "returned"))
PROBLEMS = ("zoneportal.progress.problem.answered.v1",)


@dataclass
class Chosen:
    """A receiver with what its webhook has chosen."""

    receiver: Receiver
    ordering: str = "per_thing"
    tenants: Sequence[str] = tuple(PLACES)
    types: Sequence[str] = ()


@dataclass
class Storm:
    """What was told, and what each integrator has of it."""

    story: Story
    webhooks: dict[str, Chosen]
    kafka: Ledger = field(default_factory=Ledger)
    feed: Ledger = field(default_factory=Ledger)
    kills: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)

    @property
    def everything(self) -> list[Event]:
        return list(self.story.told.values())

    def lacking(self) -> dict[str, int]:
        """How many events each integrator does not have yet."""
        found = {"kafka": self.kafka.lacks(self.everything), "feed": self.feed.lacks(self.everything)}
        for name, chosen in self.webhooks.items():
            found[name] = chosen.receiver.ledger.lacks(self.story.of(chosen.tenants, chosen.types))
        return {name: count for name, count in found.items() if count}


def _webhooks() -> dict[str, Chosen]:
    return {
        "good": Chosen(Receiver(integrators.well)),
        "free": Chosen(Receiver(integrators.well), "free", ("hefei", "province"), REPORTS),
        "slow": Chosen(Receiver(integrators.slowly, SEED), "per_thing", ("wuhu", "bengbu"), PROBLEMS),
        "wrong": Chosen(Receiver(integrators.wrongly, SEED), "per_thing", ("wuhu",), LINES if LARGE else REPORTS),
        "dead at first": Chosen(Receiver(integrators.well), "per_thing", ("bengbu",)),
        "restarted": Chosen(Receiver(integrators.well), "per_thing", ("hefei",), LINES),
    }


@pytest.fixture(scope="module")
async def storm(system: System) -> AsyncIterator[Storm]:
    """After the storm; everything has come to rest since."""
    print(f"storm of {EVENTS} events, seed {SEED}")
    begun = time.monotonic()
    made = Storm(Story(EVENTS // VERSIONS, VERSIONS, SEED), _webhooks())
    client, secret = _registered(system)
    access = Access(system.endpoints["gateway"], client, secret)
    with integrators.loop() as loop:
        for chosen in made.webhooks.values():
            asyncio.run_coroutine_threadsafe(chosen.receiver.open(), loop).result()
        _name(system, client, secret, made)
        with (
            integrators.working(integrators.follow_kafka(system, access, client, made.kafka)),
            integrators.working(integrators.follow_feed(system, access, made.feed)),
        ):
            with integrators.working(partial(_kill, system, made)):
                await _tell(system, made, loop)
                print(f"told after {time.monotonic() - begun:.0f} s; lacking {made.lacking()}")
            await _rest(made)
        print(f"all has come after {time.monotonic() - begun:.0f} s; killed: {dict(made.kills)}")
        print(f"repeats: {_repeats(made)}")
        yield made
        _changed(system, client, "removal", reason="试验结束")


def _repeats(storm: Storm) -> dict[str, int]:
    ledgers = {name: chosen.receiver.ledger for name, chosen in storm.webhooks.items()}
    return {name: each.repeats for name, each in {**ledgers, "kafka": storm.kafka, "feed": storm.feed}.items()}


def _registered(system: System) -> tuple[str, str]:
    """A new integrator to which everything is granted, and its secret."""
    security, client = client_of(system, "security.demo"), f"storm-{uuid4().hex[:8]}"
    about = {"client": client, "name": "风暴", "contact": "storm@zoneportal.internal", "tenants": [*PLACES]}
    path = f"{NOTIFY}/integrators"
    security.post(path, json=about).raise_for_status()
    secret = str(_changed(system, client, "secret")["secret"])
    until(lambda: all(step["state"] == "in_step" for step in security.get(f"{path}/{client}").json()["steps"]), 60)
    return client, secret


def _changed(system: System, client: str, what: str, **body: str) -> Json:
    security, path = client_of(system, "security.demo"), f"{NOTIFY}/integrators/{client}"
    tag = {"If-Match": security.get(path).headers["ETag"]}
    answer = security.post(f"{path}/{what}", json=body or None, headers=tag)
    assert answer.is_success, answer.text
    return dict(answer.json())


def _name(system: System, client: str, secret: str, storm: Storm) -> None:
    """Names the webhooks to the system; the one that is dead at first listens no more."""
    token = integrator_token(system.endpoints["gateway"], client, secret)
    with system.client() as own:
        own.headers["Authorization"] = f"Bearer {token}"
        for chosen in storm.webhooks.values():
            given = {"url": chosen.receiver.url, "ordering": chosen.ordering}
            lists = {"tenants": list(chosen.tenants), "types": list(chosen.types)}
            named = own.post(f"{NOTIFY}/webhooks", json=given | lists).raise_for_status().json()
            chosen.receiver.secret = named["secret"]
            storm.ids.append(named["id"])


def _kill(system: System, storm: Storm, stop: threading.Event) -> None:
    """Kills workers that run, at random, each at least once and no more often than ``KILLS``."""
    chances = random.Random(SEED)
    while left := [name for name in WORKERS if storm.kills[name] < (1 if stop.is_set() else KILLS)]:
        stop.wait(chances.uniform(*KILL_AFTER))
        victim = chances.choice(left)
        if system.components[victim]["state"] == "ready":
            system.kill(victim)
            storm.kills[victim] += 1
    until(lambda: all(system.components[name]["state"] == "ready" for name in WORKERS), 120)


async def _tell(system: System, storm: Storm, loop: asyncio.AbstractEventLoop) -> None:
    """Tells everything and waits until most of it has come, while the dead receiver comes to life in the middle and
    another is restarted all the time.
    """
    database = Database(system.instance.database("progress", "progress_worker", "progress_worker"))
    dead, restarted = (storm.webhooks[name].receiver for name in ("dead at first", "restarted"))

    def on(receiver: Receiver, what: str) -> asyncio.Future[None]:
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(getattr(receiver, what)(), loop))

    await on(dead, "close")
    telling = asyncio.create_task(storm.story.tell(database, 250 if LARGE else 20))
    begun = time.monotonic()
    alive, half = False, storm.story.count() / 2
    while not telling.done() or not alive or sum(storm.lacking().values()) > half:
        await asyncio.sleep(PACE)
        await on(restarted, "close")
        await asyncio.sleep(PACE)
        await on(restarted, "open")
        if not alive and len(storm.kafka.effects) >= half:
            await on(dead, "open")
            alive = True
        assert time.monotonic() - begun < 10 * PATIENCE, storm.lacking()
    await telling
    await database.close()


async def _rest(storm: Storm) -> None:
    """Until every integrator has everything; ends when for long nothing has come."""
    before, since = storm.lacking(), time.monotonic()
    while before:
        await asyncio.sleep(PACE)
        now = storm.lacking()
        if now != before:
            before, since = now, time.monotonic()
        assert time.monotonic() - since < PATIENCE, f"still lacking {now}"


def test_every_receiver_has_what_it_chose_once_and_in_order(storm: Storm) -> None:
    subjects = {event.subject for event in storm.everything}
    for name, chosen in storm.webhooks.items():
        expected = list(storm.story.of(chosen.tenants, chosen.types))
        assert expected, name
        faults = chosen.receiver.ledger.faults(expected, subjects, ordered=chosen.ordering == "per_thing")
        assert (name, faults[:10], chosen.receiver.forged) == (name, [], 0)


@pytest.mark.parametrize("way", ["kafka", "feed"])
def test_every_reader_has_everything_once_and_in_order(storm: Storm, way: str) -> None:
    ledger: Ledger = getattr(storm, way)
    assert len(storm.everything) == storm.story.count()
    assert ledger.faults(storm.everything, {event.subject for event in storm.everything}, ordered=True)[:10] == []


async def test_every_inbox_has_what_the_events_call_for_once(system: System, storm: Storm) -> None:
    handled = {event.id for event in storm.everything if event.type in HANDLERS}
    connection = await asyncpg.connect(system.database("notify"))
    done = "SELECT count(*) FROM inbox WHERE consumer = $1 AND id = ANY($2)"
    async with asyncio.timeout(10 * PATIENCE):
        while await connection.fetchval(done, GROUP, list(handled)) < len(handled):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.2)
    expected: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], str] = {}
    for event in sorted(storm.everything, key=lambda event: event.sequence):
        for entry in rules.entries(event.type, str(event.id), event.time, event.data):
            expected[entry.audience, entry.key] += 1
            if not entry.grouped:
                newest[entry.audience, entry.about] = entry.key
    rows = await connection.fetch(
        "SELECT audience, key, thing, latest, count FROM entry WHERE key = ANY($1) OR thing = ANY($2)",
        list({key for _, key in expected}),
        list({about for _, about in newest}),
    )
    await connection.close()
    assert {(row["audience"], row["key"]): row["count"] for row in rows} == expected
    of_one_key = _of_one_key(storm)
    shown = {
        (row["audience"], row["thing"]): row["key"] for row in rows if row["latest"] and row["thing"] in of_one_key
    }
    assert shown == {place: key for place, key in newest.items() if place[1] in of_one_key}


def _of_one_key(storm: Storm) -> set[str]:
    """The things that only events of one key tell of: which is the newest of others depends on how keys mix."""
    told: dict[str, set[str]] = {}
    for event in storm.everything:
        for entry in rules.entries(event.type, str(event.id), event.time, event.data):
            told.setdefault(entry.about, set()).add(event.subject)
    return {about for about, subjects in told.items() if len(subjects) == 1}


async def test_nothing_waits_and_nothing_was_given_up(system: System, storm: Storm) -> None:
    subjects = list({event.subject for event in storm.everything})
    progress, notify = [await asyncpg.connect(system.database(name)) for name in ("progress", "notify")]
    assert await progress.fetchval("SELECT count(*) FROM outbox WHERE subject = ANY($1)", subjects) == 0
    for table in ("parked", "dead_letter"):
        assert await notify.fetchval(f"SELECT count(*) FROM {table} WHERE key = ANY($1)", subjects) == 0
    waiting = "SELECT count(*) FROM webhook_delivery WHERE webhook_id = ANY($1::uuid[]) AND state <> 'delivered'"
    async with asyncio.timeout(PATIENCE):
        while await notify.fetchval(waiting, storm.ids):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.2)
    await progress.close()
    await notify.close()


async def test_no_mail_went_out_twice_without_a_mark(system: System, storm: Storm) -> None:
    """A mail that may have gone out twice has the same id both times, and a try of which nothing is known."""
    letters = (path.read_bytes() for path in (system.run_dir / "mail").glob("*.eml"))
    came = Counter(found.group(1).decode() for letter in letters if (found := MESSAGE_ID.search(letter)))
    assert came
    twice = [mail for mail, count in came.items() if count > 1]
    connection = await asyncpg.connect(system.database("notify"))
    unknown = "SELECT DISTINCT delivery_id::text FROM delivery_attempt WHERE outcome = 'unknown'"
    marked = {row["delivery_id"] for row in await connection.fetch(unknown)}
    await connection.close()
    assert set(twice) <= marked
