"""Dead letters on the running system: the operator sees why, retries, discards, and all of it is in the trail."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from kafka import KafkaProducer

from chassis import letters
from chassis.events import Event
from chassis.tenancy import Database
from deploy.local.system import System
from notify.feed.events import GROUP
from services.notify.tests.samples import event, line
from services.notify.tests.support import end_of_feed, fed, until
from tests.contract.support import progress_topics

API = "/api/notify/v1/dead-letters"


@pytest.fixture
def operator(system: System) -> Any:
    with system.client("operator.demo") as client:
        yield client


def buried(system: System, *events: Event) -> list[UUID]:
    """What the feed's consumer has given up, as it does."""
    return asyncio.run(_bury(system, events))


async def _bury(system: System, events: tuple[Event, ...]) -> list[UUID]:
    database, found = Database(system.instance.database("notify", "notify_worker", "notify_worker")), []
    for each in events:
        headers = {name: value.decode() for name, value in each.headers()}
        letter = {"topic": "progress.hefei", "key": each.subject, "value": each.value().decode(), "headers": headers}
        async with database.session() as db:
            await letters.keep(db, GROUP, "ValueError('…')", letter)
            found.append(await db.value("SELECT id FROM dead_letter WHERE key = :key", key=each.subject))
    await database.close()
    return found


def act(operator: httpx.Client, letter: UUID | str, what: str, version: int = 1, **body: str) -> httpx.Response:
    return operator.post(f"{API}/{letter}/{what}", json=body or None, headers={"If-Match": f'"{version}"'})


def test_what_is_retried_is_handled_and_noted(system: System, operator: httpx.Client) -> None:
    start, told = end_of_feed(system), event("line.progressed", line=line())
    (letter,) = buried(system, told)
    shown = operator.get(f"{API}/{letter}").json()
    assert (shown["reason"], shown["type"], shown["actions"]) == ("ValueError('…')", told.type, ["retry", "discard"])
    assert shown["value"] == told.value().decode()
    assert act(operator, letter, "retry").json()["state"] == "retried"
    until(lambda: [each for each in fed(system, start) if each["subject"] == told.subject])
    again = act(operator, letter, "retry", 2)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-state")
    with system.client("auditor.demo") as auditor:
        (entry,) = auditor.get("/api/notify/v1/audit", params={"thing_id": str(letter)}).json()["items"]
    assert (entry["action"], entry["name"]) == ("dead_letter.retried", "运维管理员")


def test_all_that_were_seen_are_retried(system: System, operator: httpx.Client) -> None:
    start, told = end_of_feed(system), [event("line.progressed", line=line()) for _ in range(3)]
    buried(system, *told[:2])
    newest = max(each["buried_at"] for each in operator.get(API, params={"limit": 200}).json()["items"])
    (unseen,) = buried(system, told[2])
    assert operator.post("/api/notify/v1/dead-letter-retries", json={"until": newest}).json()["retried"] >= 2
    subjects = {each.subject for each in told[:2]}
    until(lambda: subjects <= {each["subject"] for each in fed(system, start)})
    assert operator.get(f"{API}/{unseen}").json()["state"] == "waiting"
    act(operator, unseen, "discarding", reason="检验完毕").raise_for_status()


def test_what_is_no_event_can_only_be_discarded(system: System, operator: httpx.Client) -> None:
    key = uuid4().hex
    asyncio.run(progress_topics(system).ensure("contract"))
    producer = KafkaProducer(
        bootstrap_servers=system.endpoints["kafka_internal"],
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username="progress",
        sasl_plain_password=system.instance.secrets["kafka_progress"],
    )
    producer.send("progress.contract", key=key.encode(), value=b"no event").get(20)
    producer.close()

    def given_up() -> list[dict[str, Any]]:
        found = operator.get(API, params={"limit": 200}).json()["items"]
        return [letter for letter in found if letter["key"] == key]

    of_inbox, of_feed = until(lambda: found if len(found := given_up()) == 2 else [])
    refused = act(operator, of_inbox["id"], "retry")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-an-event")
    for letter in (of_inbox, of_feed):
        done = act(operator, letter["id"], "discarding", reason="测试消息").json()
        assert (done["state"], done["note"], done["ended_by"]) == ("discarded", "测试消息", "运维管理员")
    assert given_up() == []
