"""Other systems that reach for what is not theirs: each is refused and told why, and a log has it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kafka.admin import KafkaAdminClient
from kafka.errors import TopicAuthorizationFailedError

from deploy.local.system import System
from deploy.local.tokens import integrator_token
from gateway.keycloak.tests.support import at_broker
from tests.support import NOTIFY, PROGRESS, Json, client_of, get, post, until

EVENTS, INTEGRATORS, WEBHOOKS = f"{NOTIFY}/events", f"{NOTIFY}/integrators", f"{NOTIFY}/webhooks"


@contextmanager
def logged(system: System, component: str) -> Iterator[Callable[..., Json]]:
    """Waits for a JSON line of a component's log, from now on, in which these words stand in these fields."""
    log = system.instance.log(component)
    begun = log.stat().st_size

    def find(**wanted: object) -> Json:
        def look() -> list[Json]:
            rows = log.read_bytes()[begun:].decode().splitlines()
            found = (json.loads(row) for row in rows if row.startswith("{") and row.endswith("}"))
            return [row for row in found if _has(row, wanted)]

        return until(look)[0]

    yield find


def _has(row: Json, wanted: Mapping[str, object]) -> bool:
    return all(str(text) in str(row.get(name)) for name, text in wanted.items())


def asked(system: System, path: str, token: str, **body: Any) -> Json:
    """What the gateway answers to a token: a problem."""
    headers = {"Authorization": f"Bearer {token}"}
    with system.client() as client:
        answer = client.request("POST" if body else "GET", path, json=body or None, headers=headers)
    assert answer.headers["content-type"] == "application/problem+json"
    found: Json = answer.json()
    assert found["status"] == answer.status_code
    return found


@pytest.fixture
def integrator(system: System) -> Iterator[str]:
    """The name of one who is granted Hefei; its token until it is revoked."""
    client = f"refused-{uuid4().hex[:12]}"
    about: Json = {"name": "市数据平台", "contact": "data@zoneportal.internal", "tenants": ["hefei"]}
    post(system, "security.demo", INTEGRATORS, client=client, **about)
    yield client
    set_aside(system, client, "removal")


def set_aside(system: System, client: str, how: str) -> None:
    security, path = client_of(system, "security.demo"), f"{INTEGRATORS}/{client}"
    headers = {"If-Match": security.get(path).raise_for_status().headers["ETag"]}
    security.post(f"{path}/{how}", json={"reason": "安全检查"}, headers=headers).raise_for_status()


def in_step(system: System, client: str) -> bool:
    steps = get(system, "security.demo", f"{INTEGRATORS}/{client}")["steps"]
    return {step["state"] for step in steps} == {"in_step"}


def test_an_integrator_that_reaches_beyond_its_grant(system: System) -> None:
    token = system.token("integrator-hefei")
    with logged(system, "progress-api") as found:
        told = asked(system, f"{PROGRESS}/lines", token)
        assert (told["status"], told["type"]) == (403, "/problems/forbidden")
        assert found(message="request", route="/lines", status=403, problem="forbidden")["trace"] == told["trace"]
    kafka = system.instance.log("kafka")
    begun = kafka.stat().st_size
    admin = KafkaAdminClient(**at_broker(system, lambda: token))
    (topic,) = admin.describe_topics(["progress.wuhu"])
    admin.close()
    assert topic["error_code"] == TopicAuthorizationFailedError.errno
    denied = "is Denied operation = DESCRIBE from host"
    until(lambda: any(denied in row and "progress.wuhu" in row for row in kafka.read_text()[begun:].splitlines()))


def test_a_revoked_one(system: System, integrator: str) -> None:
    until(lambda: in_step(system, integrator))
    path = f"{INTEGRATORS}/{integrator}"
    secret = post(system, "security.demo", f"{path}/secret", of=path)["secret"]
    until(lambda: in_step(system, integrator))
    token = integrator_token(system.endpoints["gateway"], integrator, secret)
    set_aside(system, integrator, "suspension")
    with logged(system, "notify-api") as found:
        told = asked(system, EVENTS, token)
        assert (told["status"], told["type"]) == (403, "/problems/integrator-suspended")
        assert found(message=f"integrator {integrator} refused: integrator-suspended")["trace"] == told["trace"]


NOT_GOOD = {
    "expired": ("Jwt is expired", "令牌已过期", "ExpiredSignatureError"),
    "forged signature": ("Jwt verification fails", "令牌的签名无效", "InvalidSignatureError"),
}
"""What the gateway says of them, what the services say, and what their logs do."""


def test_a_token_that_is_not_good_at_the_gateway(system: System, tokens: Mapping[str, str]) -> None:
    """What expired a moment ago it may let pass, to be refused behind it."""
    with logged(system, "gateway") as found:
        for wrong, (at_gateway, behind, _) in NOT_GOOD.items():
            told = asked(system, EVENTS, tokens[wrong])
            assert told["status"] == 401
            assert at_gateway in told["detail"] or behind in told["detail"]
        assert found(path=EVENTS, status=401, details="jwt_authn_access_denied")


@pytest.mark.parametrize("wrong", NOT_GOOD)
def test_a_token_that_is_not_good_behind_the_gateway(system: System, tokens: Mapping[str, str], wrong: str) -> None:
    _, behind, error = NOT_GOOD[wrong]
    with logged(system, "notify-api") as found:
        headers = {"Authorization": f"Bearer {tokens[wrong]}"}
        answer = httpx.get(system.endpoints["components"]["notify-api"] + EVENTS, headers=headers, trust_env=False)
        assert (answer.status_code, behind in answer.json()["detail"]) == (401, True)
        assert found(message=f"token refused: {error}")["trace"] == answer.json()["trace"]


def test_a_webhook_that_is_aimed_inside(system: System) -> None:
    with logged(system, "notify-api") as found:
        given = {"url": "http://169.254.169.254/latest/meta-data", "tenants": ["hefei"]}
        told = asked(system, WEBHOOKS, system.token("integrator-hefei"), **given)
        (error,) = told["errors"]
        assert (told["status"], error["pointer"]) == (422, "/body/url")
        assert "169.254.169.254 属于内部或保留网络" in error["detail"]
        row = found(message="request", status=422, problem="webhook-address", about="/body/url")
        assert row["trace"] == told["trace"]
