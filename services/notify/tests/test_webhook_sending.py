"""Where a try to deliver goes, and what comes of it: nothing but what was looked at is connected to."""

import asyncio
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from notify.webhooks.addresses import networks
from notify.webhooks.rules import PAUSES
from notify.webhooks.sending import Exchange, Sender
from services.notify.tests.receivers import HOST, Receiver, always, listening
from services.notify.tests.webhook_bench import Bench
from tests.support import closing_at_once

NAME = "receiver.example"


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


def test_a_receiver_that_closes_at_once_is_a_reason() -> None:
    """In the event loop of the services, where the connection's socket is gone then before anybody has looked."""

    async def tried(url: str) -> list[Exchange]:
        sender = Sender(networks(f"{HOST}/32"))
        found = await asyncio.gather(*(sender.post(url, "{}", {}) for _ in range(200)))
        await sender.close()
        return found

    with closing_at_once(HOST) as url:
        found = uvloop.run(tried(url))
    assert {each.reason for each in found} <= {"connection", "protocol"}


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
