"""What becomes of events that cannot be handled: they wait, in the order of their key, and are given up at last."""

import asyncio
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from chassis import audit, letters
from chassis.events import Event
from chassis.handling import Together
from chassis.inbox import Consumer
from chassis.parking import ATTEMPTS
from chassis.settings import Settings
from chassis.tenancy import Session
from chassis.tests.conftest import Scratch

TYPE = "zoneportal.test.thing.happened.v1"


class Reader:
    """A consumer whose handler notes what it gets, and fails for the names in ``failing``."""

    def __init__(self, scratch: Scratch) -> None:
        self.group = f"test.{uuid4()}"
        self.seen: list[str] = []
        self.failing: set[str] = set()
        settings = Settings(port=1, database_url=scratch.database.url, issuer="", jwks_url="")
        self.consumer = Consumer(settings, scratch.database, "progress", self.group, [], {TYPE: self._handle})
        self._database = scratch.database

    async def _handle(self, session: Session, event: Event) -> None:
        name = event.data["name"]
        await audit.record(session, "thing.seen", "thing", f"{self.group} {name}", None, {})
        if name in self.failing:
            raise ValueError(name)
        self.seen.append(name)

    async def read(self, *records: Any) -> None:
        await self.consumer._persist(records, asyncio.Event())

    async def retry(self) -> None:
        """Tries again all that waits, as if its pause were over."""
        async with self._database.session() as session:
            await session.run("UPDATE parked SET next_try = now() WHERE consumer = :group", group=self.group)
        while await self.consumer._parking._retry_one():
            pass

    async def waiting(self) -> int:
        async with self._database.session() as session:
            return int(await session.value("SELECT count(*) FROM parked WHERE consumer = :group", group=self.group))

    async def noted(self) -> list[str]:
        """The names that the audit trail has for what was handled."""
        async with self._database.session() as session:
            rows = await session.rows("SELECT thing_id FROM audit WHERE thing = 'thing' ORDER BY number")
        return [name for group, _, name in (row["thing_id"].partition(" ") for row in rows) if group == self.group]

    async def buried(self) -> list[dict[str, Any]]:
        async with self._database.session() as session:
            rows = await session.rows("SELECT data FROM outbox WHERE topic = 'dead-letters.progress' ORDER BY position")
        letters = [json.loads(row["data"]) for row in rows]
        return [letter for letter in letters if letter["consumer"] == self.group]


@pytest.fixture
def reader(scratch: Scratch) -> Reader:
    return Reader(scratch)


def record(name: str, key: str, *extra: tuple[str, bytes | None], value: bytes | None = None) -> Any:
    """A message as kafka-python gives it; an event named ``name`` unless ``value`` says otherwise."""
    event = Event(TYPE, "/test", key, None, 1, {"name": name})
    headers = [*event.headers(), *extra]
    given = event.value() if value is None else value
    return SimpleNamespace(topic="test", partition=0, offset=0, key=key.encode(), headers=headers, value=given)


async def test_a_repeat_does_nothing(reader: Reader) -> None:
    once = record("a", "k")
    await reader.read(once, once)
    await reader.read(once)
    assert reader.seen == ["a"]


async def test_later_events_of_the_key_wait_and_other_keys_go_on(reader: Reader) -> None:
    reader.failing = {"a1"}
    await reader.read(record("a1", "a"), record("a2", "a"), record("b1", "b"))
    await reader.read(record("a3", "a"), record("b2", "b"))
    assert reader.seen == ["b1", "b2"]
    await reader.retry()
    assert (reader.seen, await reader.waiting()) == (["b1", "b2"], 3)
    reader.failing = set()
    await reader.retry()
    assert (reader.seen, await reader.waiting()) == (["b1", "b2", "a1", "a2", "a3"], 0)
    assert await reader.noted() == reader.seen


async def test_one_that_fails_among_many_that_are_handled_together_is_parked_alone(reader: Reader) -> None:
    taken: list[list[str]] = []

    async def many(session: Session, events: Sequence[Event]) -> None:
        names = [event.data["name"] for event in events]
        if "b1" in names:
            raise ValueError("b1")
        taken.append(names)

    reader.consumer._handlers[TYPE] = Together(many)  # type: ignore[index]
    await reader.read(record("a1", "a"), record("a2", "a"))
    await reader.read(record("a3", "a"), record("b1", "b"), record("b2", "b"), record("c1", "c"))
    assert (taken, await reader.waiting()) == ([["a1", "a2"], ["a3"], ["c1"]], 2)


async def test_what_fails_for_ever_is_given_up_and_those_behind_it_go_on(reader: Reader) -> None:
    reader.failing = {"a1"}
    await reader.read(record("a1", "a"), record("a2", "a"))
    for _ in range(ATTEMPTS - 1):
        assert reader.seen == []
        await reader.retry()
    assert (reader.seen, await reader.waiting()) == (["a2"], 0)
    (letter,) = await reader.buried()
    assert letter["reason"] == "ValueError('a1')"
    assert json.loads(letter["message"]["value"]) == {"name": "a1"}


async def test_what_was_given_up_and_is_brought_back_is_handled(reader: Reader, scratch: Scratch) -> None:
    reader.failing = {"a1"}
    await reader.read(record("a1", "a"), record("a2", "a"))
    for _ in range(ATTEMPTS):
        await reader.retry()
    async with scratch.database.session() as session:
        (letter,) = await session.rows("SELECT * FROM dead_letter WHERE consumer = :group", group=reader.group)
        assert (letter["replayable"], letter["reason"], letter["state"]) == (True, "ValueError('a1')", "waiting")
        reader.failing = set()
        await letters.park(session, [letter["id"]])
    await reader.retry()
    assert (reader.seen, await reader.waiting()) == (["a2", "a1"], 0)


@pytest.mark.parametrize("extra", [("empty", None), ("zero", b"a\x00b")])
async def test_odd_headers_do_not_stop_the_consumer(reader: Reader, extra: tuple[str, bytes | None]) -> None:
    reader.failing = {"a1"}
    await reader.read(record("a1", "a\x00", extra), record("b1", "b"))
    assert (reader.seen, await reader.waiting()) == (["b1"], 1)


@pytest.mark.parametrize("value", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a": \x00}'])
async def test_what_is_no_event_is_given_up_at_once(reader: Reader, value: bytes) -> None:
    await reader.read(record("", "a", value=value), record("b1", "a"))
    assert (reader.seen, len(await reader.buried())) == (["b1"], 1)
