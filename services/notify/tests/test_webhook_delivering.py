"""How webhooks are delivered, in the database of the running system and with a clock of the test's own, far ahead."""

import asyncio
import json
import random
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.exc import ProgrammingError
from standardwebhooks import Webhook

from chassis.auth import Caller, Role
from chassis.tenancy import Database
from deploy.local.system import System
from notify.webhooks import queue, store
from notify.webhooks.addresses import networks
from notify.webhooks.delivering import Delivering
from notify.webhooks.rules import GIVE_UP_AFTER, PAUSES
from notify.webhooks.sending import Sender
from notify.webhooks.signing import new_secret
from services.notify.tests.receivers import HOST, Answer, Message, Receiver, listening
from services.notify.tests.samples import event, line

T0 = datetime(2100, 1, 1, tzinfo=UTC)
"""So far ahead that the worker of the system leaves what is due then alone."""
BEYOND = 1 << 62
NAME = "receiver.example"


@dataclass
class Bench:
    """An integrator with a zone, its webhooks, and the time."""

    database: Database
    client: str
    tenant: str
    now: datetime = T0
    position: int = BEYOND

    async def webhook(self, url: str, ordering: str = "per_thing", secret: str = "") -> UUID:
        given = {"url": url, "types": [], "tenants": [self.tenant], "ordering": ordering}
        async with self.database.session() as db:
            webhook_id = await store.add(db, self.client, given)
            await db.run("UPDATE webhook SET after = :after WHERE id = :id", after=BEYOND * 2 - 1, id=webhook_id)
            await store.put_secret(db, webhook_id, secret or new_secret())
        return webhook_id

    async def happens(self, webhook_id: UUID, *subjects: str) -> list[str]:
        """An event of each of the things; their ids."""
        told = [event("line.progressed", line=line(self.tenant, id=subject)) for subject in subjects]
        async with self.database.session() as db:
            for each in told:
                self.position += 1
                await db.run(
                    "INSERT INTO event (tenant, position, body) VALUES (:tenant, :position, :body)",
                    tenant=self.tenant,
                    position=self.position,
                    body=f'{{"id":"{each.id}","subject":"{each.subject}"}}',
                )
                await db.run(
                    """
                    INSERT INTO webhook_delivery (webhook_id, tenant, position, message_id, type, subject, next_try)
                    VALUES (:webhook, :tenant, :position, :message, :type, :subject, :now)
                    """,
                    webhook=webhook_id,
                    tenant=self.tenant,
                    position=self.position,
                    message=str(each.id),
                    type=each.type,
                    subject=each.subject,
                    now=T0,
                )
        return [str(each.id) for each in told]

    def delivering(self, **sender: Any) -> Delivering:
        allowed = networks(f"{HOST}/32")
        return Delivering(self.database, Sender(allowed, **sender), self.client, lambda: self.now)

    async def look(self, webhook_id: UUID) -> list[dict[str, Any]]:
        """The deliveries with their newest tries, in their order."""
        async with self.database.session() as db:
            rows = await db.rows(
                """
                SELECT d.state, d.next_try, d.attempts, a.reason, a.detail, a.address, a.status
                FROM webhook_delivery d
                LEFT JOIN webhook_attempt a ON a.delivery_id = d.id AND a.number = d.attempts
                WHERE d.webhook_id = :id ORDER BY d.position
                """,
                id=webhook_id,
            )
        return [dict(row) for row in rows]

    async def standing(self, webhook_id: UUID) -> Any:
        async with self.database.session() as db:
            return await queue.standing(db, webhook_id)

    async def mails(self) -> int:
        async with self.database.session() as db:
            address = f"{self.client}@example.com"
            return int(await db.value("SELECT count(*) FROM mail_delivery WHERE address = :address", address=address))

    async def run(self, sql: str) -> None:
        async with self.database.session() as db:
            await db.run(sql, client=self.client)


@pytest.fixture
async def bench(system: System) -> AsyncIterator[Bench]:
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    code = uuid4().hex[:8]
    made = Bench(database, f"t{code}", f"z{code}")
    async with database.session() as db:
        await db.run(
            "INSERT INTO integrator (client, name, contact, tenants) VALUES (:client, 'x', :contact, :tenants)",
            client=made.client,
            contact=f"{made.client}@example.com",
            tenants=[made.tenant],
        )
    yield made
    async with database.session() as db:
        await db.run("DELETE FROM integrator WHERE client = :client", client=made.client)
        await db.run("DELETE FROM event WHERE tenant = :tenant", tenant=made.tenant)
    await database.close()


def always(status: int, body: bytes = b"", **headers: str) -> Any:
    def answer(message: Message) -> Answer:
        return status, headers, body

    return answer


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


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (always(302, location=f"http://{HOST}:9/"), "redirect", "不跟随重定向"),
        (always(500, b"broken"), "status", "500"),
        (always(204), None, ""),
        (always(200, b"x" * 100_000), None, ""),
    ],
)
async def test_what_an_answer_means(bench: Bench, answer: Any, reason: str | None, detail: str) -> None:
    with listening(Receiver(answer)) as receiver:
        webhook = await bench.webhook(receiver.url)
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering().lane(webhook)
    (found,) = await bench.look(webhook)
    assert (found["reason"], found["address"]) == (reason, HOST)
    assert detail in found["detail"]
    assert len(receiver.messages) == 1
    async with bench.database.session() as db:
        longest = (
            "SELECT coalesce(max(length(body)), 0) FROM webhook_answer r JOIN webhook_attempt a ON a.id = r.attempt_id"
        )
        assert await db.value(longest) <= 4096


async def test_each_try_asks_for_the_name_once_and_goes_where_it_looked(bench: Bench) -> None:
    """A name that is outside at first and inside afterwards: what was asked for once is connected to, or nothing."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return [HOST] if len(asked) == 1 else ["127.0.0.1"]

    with listening(Receiver(always(503))) as receiver:
        webhook = await bench.webhook(f"http://{NAME}:{receiver.port}/events?a=b")
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering(resolve=resolve).lane(webhook)
        assert (asked, receiver.messages[0].headers["host"]) == ([NAME], f"{NAME}:{receiver.port}")
        assert receiver.messages[0].path == "/events?a=b"
        bench.now += PAUSES[0]
        posting = bench.delivering(resolve=resolve)
        await posting.lane(webhook)
    (found,) = await bench.look(webhook)
    assert (found["reason"], len(asked), len(receiver.messages)) == ("address", 2, 1)
    assert "127.0.0.1 属于内部" in found["detail"]


@pytest.mark.parametrize("answers", [["127.0.0.1"], [HOST, "10.0.0.1"], ["::ffff:127.0.0.1"], ["64:ff9b::a00:1"], []])
async def test_no_try_leaves_for_inside(bench: Bench, answers: list[str]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers

    with listening(Receiver()) as receiver:
        webhook = await bench.webhook(f"http://{NAME}:{receiver.port}/")
        await bench.happens(webhook, str(uuid4()))
        await bench.delivering(resolve=resolve).lane(webhook)
    (found,) = await bench.look(webhook)
    assert (found["state"], found["reason"], found["address"]) == ("waiting", "address", None)
    assert receiver.messages == []


async def test_the_certificate_is_the_name_s_though_the_address_is_ours(bench: Bench, tmp_path: Path) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return [HOST]

    certificate = _certificate(tmp_path)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=certificate)
    server.load_cert_chain(certificate)
    with listening(Receiver(), lambda socket: server.wrap_socket(socket, server_side=True)) as receiver:
        right = await bench.webhook(f"https://{NAME}:{receiver.port}/")
        wrong = await bench.webhook(f"https://other.example:{receiver.port}/")
        for webhook in (right, wrong):
            await bench.happens(webhook, str(uuid4()))
            await bench.delivering(resolve=resolve, verify=client).lane(webhook)
    assert [(await bench.look(webhook))[0]["reason"] for webhook in (right, wrong)] == [None, "tls"]
    assert len(receiver.messages) == 1


def _certificate(folder: Path) -> Path:
    """Of ``NAME``, by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={NAME}")
    begins = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / "server.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    return file


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
        with pytest.raises(ProgrammingError, match="permission denied"):
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
