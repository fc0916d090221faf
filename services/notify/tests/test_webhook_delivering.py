"""How webhooks are delivered: signed, in order, whatever the receivers do and whenever the worker dies."""

import asyncio
import json
import random
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from standardwebhooks import Webhook

from chassis.auth import Caller, Role
from chassis.tenancy import Database
from deploy.local.system import System
from notify.webhooks import queue, store
from notify.webhooks.rules import GIVE_UP_AFTER, PAUSES
from notify.webhooks.signing import new_secret
from services.notify.tests.receivers import Answer, Message, Receiver, always, listening
from services.notify.tests.webhook_bench import T0, Bench


async def test_messages_are_signed_by_each_secret_that_still_counts(bench: Bench) -> None:
    old, new = new_secret(), new_secret()
    with listening(Receiver()) as receiver:
        webhook = await bench.webhook(receiver.url, secret=old)
        async with bench.database.session() as db:
            await store.put_secret(db, webhook, new)
            await db.run("UPDATE webhook_secret SET until = :until WHERE until IS NOT NULL", until=T0 + PAUSES[0])
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering().lane(webhook)
        bench.now += PAUSES[1]
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering().lane(webhook)
    for message, keys in zip(receiver.messages, ([new, old], [new]), strict=True):
        at = datetime.fromtimestamp(int(message.headers["webhook-timestamp"]), UTC)
        expected = [Webhook(key).sign(message.headers["webhook-id"], at, message.body) for key in keys]
        assert message.headers["webhook-signature"].split() == expected


@pytest.mark.parametrize("ordering", ["per_thing", "free"])
async def test_later_events_of_a_thing_wait_for_the_earlier_if_asked_to(bench: Bench, ordering: str) -> None:
    one, other = str(uuid4()), str(uuid4())
    refused: list[str] = []

    def answer(message: Message) -> Answer:
        return (503 if message.headers["webhook-id"] in refused else 200), {}, b""

    with listening(Receiver(answer)) as receiver:
        webhook = await bench.webhook(receiver.url, ordering)
        first, second, third, else_ = await bench.happens(webhook, one, one, one, other)
        refused.append(first)
        await bench.delivering().lane(webhook)
        assert set(receiver.ids) == ({first, else_} if ordering == "per_thing" else {first, second, third, else_})
        refused.clear()
        bench.now += PAUSES[0]
        await bench.delivering().lane(webhook)
    if ordering == "per_thing":
        assert [each for each in receiver.ids if each != else_] == [first, first, second, third]
    assert {each["state"] for each in await bench.look(webhook)} == {"delivered"}


async def test_slow_and_dead_receivers_delay_no_other(bench: Bench) -> None:
    """While one holds every try that it may have, and nobody listens for another, the third gets all."""
    release, things = threading.Event(), [str(uuid4()) for _ in range(20)]

    def slowly(message: Message) -> Answer:
        release.wait(30)
        return 204, {}, b""

    with listening(Receiver()) as dead:
        gone = await bench.webhook(dead.url)
    with listening(Receiver(slowly)) as slow, listening(Receiver()) as good:
        waiting, quick = await bench.webhook(slow.url), await bench.webhook(good.url)
        for webhook in (gone, waiting, quick):
            await bench.happens(webhook, *things)
        posting = bench.delivering()
        lanes = [asyncio.create_task(posting.lane(webhook)) for webhook in (waiting, gone)]
        async with asyncio.timeout(20):
            while len(slow.messages) < 8:  # noqa: ASYNC110 - threads
                await asyncio.sleep(0.01)
            await posting.lane(quick)
            await lanes[1]
        assert (len(good.messages), len(slow.messages)) == (20, 8)
        lanes[0].cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        release.set()
    assert {each["reason"] for each in await bench.look(gone)} == {"connection"}


async def test_a_dead_receiver_is_tried_by_one_and_gets_all_when_it_is_back(bench: Bench) -> None:
    things = [str(uuid4()) for _ in range(20)]
    with listening(Receiver()) as dead:
        webhook = await bench.webhook(dead.url)
    told, posting = await bench.happens(webhook, *things), bench.delivering()

    async def tries() -> int:
        return sum(each["attempts"] for each in await bench.look(webhook))

    await posting.lane(webhook)
    assert await tries() == 20
    for seconds, expected in ((60, 21), (10, 21), (60, 22)):
        bench.now += timedelta(seconds=seconds)
        await posting.lane(webhook, 1)
        assert await tries() == expected
    with listening(Receiver()) as alive:
        await bench.run(f"UPDATE webhook SET url = '{alive.url}' WHERE integrator = :client")
        bench.now += timedelta(seconds=60)
        await posting.lane(webhook, 1)
        assert sorted(alive.ids) == sorted(told)
    assert (await bench.standing(webhook))["failing_since"] is None


async def test_what_a_killed_worker_was_sending_goes_out_again_under_its_id(bench: Bench) -> None:
    release = threading.Event()

    def slowly(message: Message) -> Answer:
        release.wait(30)
        return 204, {}, b""

    with listening(Receiver(slowly)) as receiver:
        webhook = await bench.webhook(receiver.url)
        (sent,) = await bench.happens(webhook, str(uuid4()))
        posting = asyncio.create_task(bench.delivering().lane(webhook))
        async with asyncio.timeout(20):
            while not receiver.messages:  # noqa: ASYNC110 - threads
                await asyncio.sleep(0.01)
        posting.cancel()
        await asyncio.gather(posting, return_exceptions=True)
        release.set()
        (left,) = await bench.look(webhook)
        assert (left["state"], left["reason"]) == ("waiting", "interrupted")
        await bench.delivering().lane(webhook)
        assert receiver.ids == [sent], "another one holds it"
        async with bench.database.session() as db:
            await queue.release(db, bench.client)
        await bench.delivering().lane(webhook)
    assert receiver.ids == [sent, sent]


async def test_whatever_fails_and_whenever_a_worker_dies_each_thing_hears_all_in_order(bench: Bench) -> None:
    chances, things = random.Random(7), [str(uuid4()) for _ in range(8)]
    heard: dict[str, list[str]] = {thing: [] for thing in things}

    def answer(message: Message) -> Answer:
        status = chances.choices((200, 500, 302), (70, 20, 10))[0]
        told, thing = message.headers["webhook-id"], json.loads(message.body)["subject"]
        if status == 200 and told not in heard[thing]:
            heard[thing].append(told)
        return status, {}, b""

    with listening(Receiver(answer)) as receiver:
        webhook = await bench.webhook(receiver.url)
        order = [chances.choice(things) for _ in range(60)]
        told, posting = await bench.happens(webhook, *order), bench.delivering()
        while any(each["state"] == "waiting" for each in await bench.look(webhook)):
            lane = asyncio.create_task(posting.lane(webhook))
            await asyncio.wait([lane], timeout=chances.choice((0.01, 0.1, 60)))
            lane.cancel()
            await asyncio.gather(lane, return_exceptions=True)
            async with bench.database.session() as db:
                await queue.release(db, bench.client)
            bench.now += PAUSES[3]
    expected = {thing: [each for each, of in zip(told, order, strict=True) if of == thing] for thing in things}
    assert heard == expected
    assert {each["state"] for each in await bench.look(webhook)} == {"delivered"}


async def test_a_receiver_that_is_gone_is_paused_and_its_owner_told_and_begins_anew_when_resumed(bench: Bench) -> None:
    with listening(Receiver(always(410))) as receiver:
        webhook = await bench.webhook(receiver.url)
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering().lane(webhook)
        bench.now += PAUSES[1]
        await bench.delivering().lane(webhook)
    found = await bench.standing(webhook)
    assert (found["paused"], len(receiver.messages), await bench.mails()) == ("gone", 1, 1)
    async with bench.database.session() as db:
        await store.resume(db, webhook)
        later = "UPDATE webhook_delivery SET next_try = :at WHERE webhook_id = :id"
        await db.run(later, at=bench.now, id=webhook)  # else the system's own worker tries it
    bench.now += 2 * GIVE_UP_AFTER
    await bench.delivering().lane(webhook)
    (left,) = await bench.look(webhook)
    assert (left["state"], left["attempts"], left["reason"]) == ("waiting", 2, "connection")
    assert (await bench.standing(webhook))["paused"] is None


async def test_after_three_days_without_success_it_is_paused(bench: Bench) -> None:
    with listening(Receiver()) as receiver:
        webhook = await bench.webhook(receiver.url)
    await bench.happens(webhook, str(uuid4()))
    posting = bench.delivering()
    while not (await bench.standing(webhook))["paused"]:
        await posting.lane(webhook)
        bench.now = (await bench.look(webhook))[0]["next_try"] or bench.now
    assert bench.now - T0 >= GIVE_UP_AFTER
    (found,) = await bench.look(webhook)
    assert ((await bench.standing(webhook))["paused"], found["state"]) == ("failing", "failed")
    assert 2 <= await bench.mails() <= 3


async def test_the_database_shows_webhooks_to_their_owner_and_to_who_runs_or_guards_the_system(
    bench: Bench, system: System
) -> None:
    webhook = await bench.webhook("http://127.0.0.2:9999/")
    await bench.happens(webhook, str(uuid4()))
    api = Database(system.instance.database("notify", "notify_api", "notify_api"))
    seen = {}
    for name, client, role in (
        ("owner", bench.client, Role.INTEGRATOR),
        ("other", "integrator-hefei", Role.INTEGRATOR),
        ("security", None, Role.SECURITY),
        ("operator", None, Role.OPERATOR),
        ("province", None, Role.PROVINCE),
    ):
        username = f"service-account-{client}" if client else name
        caller = Caller(name, "", username, frozenset({role}), None, None, frozenset({bench.tenant}), "", 0)
        async with api.session(caller) as db:
            found = await store.get(db, webhook)
            seen[name] = found and len(await store.deliveries(db, webhook, state=None, limit=9, cursor=None))
            (shown,) = await db.rows("SELECT count(*) FROM webhook_secret WHERE webhook_id = :id", id=webhook)
            assert shown["count"] == (name == "owner")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            async with api.session(caller) as db:
                await db.value("SELECT secret FROM webhook_secret")
    await api.close()
    assert seen == {"owner": 1, "other": None, "security": 1, "operator": 1, "province": None}


async def test_a_revoke_stops_what_waits_at_once_and_a_suspension_holds_it(bench: Bench) -> None:
    with listening(Receiver()) as receiver:
        webhook = await bench.webhook(receiver.url)
        await bench.happens(webhook, str(uuid4()))
        await bench.run("UPDATE integrator SET suspended = true WHERE client = :client")
        await bench.delivering().lane(webhook)
        assert [each["state"] for each in await bench.look(webhook)] == ["waiting"]
        await bench.run("UPDATE integrator SET suspended = false, tenants = '{}' WHERE client = :client")
        await bench.delivering().lane(webhook)
        assert [each["state"] for each in await bench.look(webhook)] == ["dropped"]
    assert receiver.messages == []
