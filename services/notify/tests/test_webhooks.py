"""Webhooks in the running system: what an integrator names, what is posted to it, and who else sees how."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from deploy.local.system import System
from services.notify.tests.receivers import Receiver, listening
from services.notify.tests.samples import event, line
from services.notify.tests.support import Publish, until

WEBHOOKS = "/api/notify/v1/webhooks"
Json = dict[str, Any]


@pytest.fixture
def owner(system: System) -> Iterator[httpx.Client]:
    """The demo's integrator; the webhooks that the test names are removed after it."""
    with system.client("integrator-hefei") as client:
        yield client
        for each in client.get(WEBHOOKS, params={"limit": 200}).json()["items"]:
            path, version = f"{WEBHOOKS}/{each['id']}", {"If-Match": f'"{each["version"]}"'}
            client.post(f"{path}/removal", headers=version).raise_for_status()


def named(owner: httpx.Client, url: str, **given: Any) -> Json:
    answer = owner.post(WEBHOOKS, json={"url": url, "tenants": ["hefei"]} | given)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


def acted(client: httpx.Client, webhook: Json, act: str, status: int = 200) -> Json:
    version = client.get(f"{WEBHOOKS}/{webhook['id']}").headers["ETag"]
    answer = client.post(f"{WEBHOOKS}/{webhook['id']}/{act}", headers={"If-Match": version})
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def deliveries(client: httpx.Client, webhook: Json, **asked: str) -> list[Json]:
    found: list[Json] = client.get(f"{WEBHOOKS}/{webhook['id']}/deliveries", params=asked).json()["items"]
    return found


@pytest.mark.parametrize(
    ("given", "pointer", "detail"),
    [
        ({"url": "http://127.0.0.1:5432/"}, "/body/url", "127.0.0.1"),
        ({"url": "http://localhost/"}, "/body/url", "内部"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "/body/url", "169.254.169.254"),
        ({"url": "http://2130706433/"}, "/body/url", "十进制"),
        ({"url": "http://[::ffff:7f00:1]/"}, "/body/url", "内部"),
        ({"url": "http://no-such-host.invalid/"}, "/body/url", "解析"),
        ({"tenants": ["wuhu"]}, "/body/tenants/0", "获准"),
        ({"tenants": ["no-such-zone"]}, "/body/tenants/0", "获准"),
        ({"types": ["line.progressed"]}, "/body/types/0", "格式"),
    ],
)
def test_what_may_not_be_named_is_refused_with_the_reason(
    owner: httpx.Client, given: Json, pointer: str, detail: str
) -> None:
    answer = owner.post(WEBHOOKS, json={"url": "http://127.0.0.2:8089/", "tenants": ["hefei"]} | given)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], detail in error["detail"]) == (422, pointer, True)


def test_chosen_events_are_posted_signed_as_they_came(owner: httpx.Client, publish: Publish) -> None:
    of = line()
    chosen = [
        replace(event("line.progressed", line=of | {"percent": percent}), traceparent=f"00-{uuid4().hex}-{'1' * 16}-01")
        for percent in (10, 20, 30)
    ]
    with listening(Receiver()) as receiver:
        webhook = named(owner, receiver.url, types=[chosen[0].type])
        publish(event("line.progressed", line=line("wuhu")), event("line.opened", line=of, edition=1), *chosen)
        until(lambda: len([each for each in receiver.messages if of["id"] in each.body]) == 3)
        mine = [each for each in receiver.messages if of["id"] in each.body]
    told = [Webhook(webhook["secret"]).verify(each.body, each.headers) for each in mine]
    assert told == [each.structured() for each in chosen]
    assert [each.headers["webhook-id"] for each in mine] == [str(each.id) for each in chosen]
    assert [each.headers["traceparent"] for each in mine] == [each.traceparent for each in chosen]


def test_a_test_event_and_its_tries_are_seen_with_request_and_answer_by_their_owner_alone(
    system: System, owner: httpx.Client
) -> None:
    with listening(Receiver(lambda message: (200, {"content-type": "text/plain"}, "收到".encode()))) as receiver:
        webhook = named(owner, receiver.url)
        sent = owner.post(f"{WEBHOOKS}/{webhook['id']}/test").raise_for_status().json()
        path = f"{WEBHOOKS}/{webhook['id']}/deliveries/{sent['id']}"
        until(lambda: owner.get(path).json()["state"] == "delivered")
    Webhook(webhook["secret"]).verify(receiver.messages[0].body, receiver.messages[0].headers)
    (tried,) = owner.get(path).json()["tries"]
    assert (tried["status"], tried["answer"], tried["url"]) == (200, "收到", receiver.url)
    assert tried["headers"]["webhook-signature"] == receiver.messages[0].headers["webhook-signature"]
    for user in ("operator.demo", "security.demo"):
        with system.client(user) as other:
            (seen,) = other.get(path).raise_for_status().json()["tries"]
            assert (seen["status"], seen["answer"], seen["answer_type"]) == (200, None, None)
            assert webhook["secret"] not in other.get(WEBHOOKS, params={"limit": 200}).text


def test_only_the_security_administrator_resumes_what_it_paused(system: System, owner: httpx.Client) -> None:
    webhook = named(owner, "http://127.0.0.2:8089/")
    with system.client("security.demo") as security:
        assert acted(security, webhook, "pause")["paused"] == "security"
        acted(owner, webhook, "resumption", 409)
        refused = owner.post(f"{WEBHOOKS}/{webhook['id']}/test")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/webhook-state")
        assert acted(security, webhook, "resumption")["paused"] is None
    assert acted(owner, webhook, "pause")["actions"] == ["edit", "rotate", "remove", "resume"]


def test_what_happened_is_sent_once_more_one_by_one_and_since_an_instant(
    system: System, owner: httpx.Client, publish: Publish
) -> None:
    of = line()
    told = event("line.progressed", line=of)
    publish(told)
    with listening(Receiver()) as receiver:
        webhook = named(owner, receiver.url, types=[told.type])

        def times() -> int:
            return len([each for each in receiver.ids if each == str(told.id)])

        since = {"since": told.time.isoformat(), "what": "all"}
        owner.post(f"{WEBHOOKS}/{webhook['id']}/replay", json=since).raise_for_status()
        until(lambda: times() == 1)
        (sent,) = until(
            lambda: [each for each in deliveries(owner, webhook, state="delivered") if each["subject"] == of["id"]]
        )
        with system.client("operator.demo") as operator:
            again = operator.post(f"{WEBHOOKS}/{webhook['id']}/deliveries/{sent['id']}/replay")
            assert again.status_code == 200, again.text
        until(lambda: times() == 2)


def test_a_rotated_secret_is_followed_by_signatures_of_both(owner: httpx.Client) -> None:
    with listening(Receiver()) as receiver:
        webhook = named(owner, receiver.url)
        rotated = acted(owner, webhook, "rotation")
        owner.post(f"{WEBHOOKS}/{webhook['id']}/test").raise_for_status()
        (message,) = until(lambda: list(receiver.messages))
    for secret in (webhook["secret"], rotated["secret"]):
        Webhook(secret).verify(message.body, message.headers)


def test_a_repeated_naming_does_nothing_twice_and_shows_the_secret_once(owner: httpx.Client) -> None:
    given, key = {"url": "http://127.0.0.2:8089/", "tenants": ["hefei"]}, {"Idempotency-Key": str(uuid4())}
    first, second = (owner.post(WEBHOOKS, json=given, headers=key) for _ in range(2))
    assert first.status_code == 201
    assert first.json()["secret"] not in second.text
    assert len(owner.get(WEBHOOKS).json()["items"]) == 1
