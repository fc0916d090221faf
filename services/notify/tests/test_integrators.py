"""Integrators on the running system: what is granted, revoked, rotated and suspended is so in Keycloak and on Kafka."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import pytest
from kafka import KafkaConsumer
from kafka.errors import AuthorizationError

from chassis.auth import SERVICE_ACCOUNT, Caller, Role
from chassis.tenancy import Database
from deploy.local.system import System
from deploy.local.tokens import integrator_token
from gateway.keycloak.tests.support import at_broker
from notify.integrators import store
from notify.integrators.rules import Wish
from services.notify.tests.samples import event, line
from services.notify.tests.support import FEED, Publish, until

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%integrator%'"
API = "/api/notify/v1/integrators"
ABOUT = {"name": "市数据平台", "contact": "data@zoneportal.internal"}


class Integrator:
    """One of a test's own, as the security administrator and as itself."""

    def __init__(self, system: System, security: httpx.Client) -> None:
        self._system, self._security = system, security
        self.client = f"test-{uuid4().hex[:12]}"

    def shown(self) -> dict[str, Any]:
        answer = self._security.get(f"{API}/{self.client}").raise_for_status()
        return dict(answer.json())

    def ask(
        self, method: str, what: str = "", key: str = "", version: int | None = None, **body: Any
    ) -> httpx.Response:
        """A change of the integrator as it is now, or was at a version."""
        headers = {"Idempotency-Key": key or uuid4().hex, "If-Match": f'"{version or self.shown()["version"]}"'}
        return self._security.request(method, f"{API}/{self.client}{what}", json=body or None, headers=headers)

    def in_step(self) -> bool:
        return all(step["state"] == "in_step" for step in self.shown()["steps"])

    def set(self, method: str, what: str = "", **body: Any) -> Any:
        """A change that is taken, and that Keycloak and Kafka have followed."""
        answer = self.ask(method, what, **body)
        assert answer.is_success, answer.text
        until(self.in_step)
        return answer.json()

    def register(self, *tenants: str) -> str:
        """Its first secret."""
        given = {"client": self.client, **ABOUT, "tenants": list(tenants)}
        self._security.post(API, json=given).raise_for_status()
        return str(self.set("POST", "/secret")["secret"])

    def token(self, secret: str) -> str:
        return integrator_token(self._system.endpoints["gateway"], self.client, secret)

    def feed(self, token: str) -> httpx.Response:
        with self._system.client() as client:
            return client.get(FEED, params={"limit": 200}, headers={"Authorization": f"Bearer {token}"})

    def consumer(self, token: str) -> KafkaConsumer:
        login = at_broker(self._system, lambda: token)
        return KafkaConsumer(**login, group_id=f"{self.client}.own", auto_offset_reset="earliest")


@pytest.fixture
def security(system: System) -> Iterator[httpx.Client]:
    with system.client("security.demo") as client:
        yield client


@pytest.fixture
def integrator(system: System, security: httpx.Client) -> Iterator[Integrator]:
    made = Integrator(system, security)
    yield made
    found = security.get(f"{API}/{made.client}")
    if found.is_success and "remove" in found.json()["actions"]:
        made.ask("POST", "/removal", reason="检验完毕").raise_for_status()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


def test_what_is_revoked_is_refused_at_once_whatever_the_token_says(integrator: Integrator, publish: Publish) -> None:
    publish(event("line.progressed", line=line("wuhu")), event("line.progressed", line=line()))
    token = integrator.token(integrator.register("hefei"))
    assert {each["tenant"] for each in integrator.feed(token).json()["items"]} == {"hefei"}
    consumer = integrator.consumer(token)
    try:
        assert consumer.topics() == {"progress.hefei"}
        consumer.subscribe(["progress.hefei"])
        until(lambda: consumer.poll(timeout_ms=500))
        integrator.ask("PATCH", tenants=[]).raise_for_status()
        assert refused(integrator.feed(token)) == (403, "/problems/nothing-granted")
        until(integrator.in_step)
        with pytest.raises(AuthorizationError):
            _poll_on(consumer)
    finally:
        consumer.close(autocommit=False)
    integrator.set("PATCH", tenants=["wuhu"])
    assert {each["tenant"] for each in integrator.feed(token).json()["items"]} == {"wuhu"}


def _poll_on(consumer: KafkaConsumer, seconds: float = 20) -> None:
    """What was fetched before may still come; TimeoutError when it goes on."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        consumer.poll(timeout_ms=500)
    raise TimeoutError


def test_a_new_secret_ends_the_old_one_and_is_shown_once(integrator: Integrator) -> None:
    old, key, version = integrator.register("hefei"), uuid4().hex, integrator.shown()["version"]
    first = integrator.ask("POST", "/secret", key, version)
    again = integrator.ask("POST", "/secret", key, version)
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    assert refused(again) == (409, "/problems/shown-once")
    until(integrator.in_step)
    assert integrator.token(first.json()["secret"])
    with pytest.raises(SystemExit, match="unauthorized_client"):
        integrator.token(old)


def test_who_is_suspended_or_removed_is_told_so(integrator: Integrator) -> None:
    secret = integrator.register("hefei")
    token = integrator.token(secret)
    integrator.set("POST", "/suspension", reason="安全检查")
    assert refused(integrator.feed(token)) == (403, "/problems/integrator-suspended")
    with pytest.raises(SystemExit, match="invalid_client"):
        integrator.token(secret)
    assert refused(integrator.ask("POST", "/suspension", reason="安全检查")) == (409, "/problems/wrong-state")
    integrator.set("POST", "/resumption")
    assert integrator.feed(integrator.token(secret)).status_code == 200
    integrator.ask("POST", "/removal", reason="不再对接").raise_for_status()
    assert refused(integrator.feed(token)) == (403, "/problems/integrator-unknown")


def test_a_removed_one_is_forgotten_and_its_name_is_free_again(integrator: Integrator, security: httpx.Client) -> None:
    secret = integrator.register("hefei")
    integrator.ask("POST", "/removal", reason="不再对接").raise_for_status()
    until(lambda: security.get(f"{API}/{integrator.client}").status_code == 404)
    with pytest.raises(SystemExit, match="invalid_client"):
        integrator.token(secret)
    integrator.register("wuhu")


def test_a_client_that_is_no_integrator_is_left_alone(integrator: Integrator, security: httpx.Client) -> None:
    integrator.client = "account-console"
    security.post(API, json={"client": integrator.client, **ABOUT}).raise_for_status()

    def reason() -> str:
        return " ".join(step["error"] or "" for step in integrator.shown()["steps"] if step["state"] == "failed")

    assert "同名客户端" in until(reason)
    integrator.ask("POST", "/removal", reason="登记有误").raise_for_status()
    until(lambda: security.get(f"{API}/{integrator.client}").status_code == 404)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"client": "zoneportal-x"}, "/body/client"),
        ({"client": "a.b"}, "/body/client"),
        ({"contact": "nobody"}, "/body/contact"),
        ({"tenants": ["Hefei"]}, "/body/tenants/0"),
        ({"tenants": ["province", "hefei", "nowhere", "swt"]}, "/body/tenants/2"),
        ({"secret": "mine"}, "/body/secret"),
    ],
)
def test_what_is_wrong_with_a_registration_is_said(security: httpx.Client, given: dict[str, Any], pointer: str) -> None:
    answer = security.post(API, json={"client": "test-wrong", **ABOUT} | given)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


def test_a_client_is_registered_once(security: httpx.Client) -> None:
    answer = security.post(API, json={"client": "integrator-hefei", **ABOUT})
    assert refused(answer) == (409, "/problems/client-taken")


def test_the_trail_tells_who_granted_what_and_no_secret(system: System, integrator: Integrator) -> None:
    secret = integrator.register("hefei")
    integrator.set("PATCH", tenants=["wuhu"])
    with system.client("auditor.demo") as auditor:
        answer = auditor.get("/api/notify/v1/audit", params={"thing_id": integrator.client})
    acts = {(entry["action"].removeprefix("integrator."), entry["name"]) for entry in answer.json()["items"]}
    assert acts == {(what, "安全管理员") for what in ("registered", "rotated", "granted", "revoked")}
    assert secret not in answer.text


async def test_of_two_systems_that_forget_at_once_the_second_takes_the_row_away(worker: Database) -> None:
    client = f"test-{uuid4().hex[:12]}"
    gone = Wish(client, "", frozenset(), suspended=False, removed=True, version=1, secret=None)
    async with worker.session() as db:
        await store.add(db, {"client": client, "name": "", "contact": "", "tenants": []}, to=())
        await db.run("UPDATE integrator SET removed = true WHERE client = :client", client=client)
        await db.run(
            """
            INSERT INTO integrator_step (client, system, tried, next_try)
            SELECT :client, system, 1, 'infinity' FROM unnest(ARRAY['keycloak', 'kafka']) system
            """,
            client=client,
        )

    async def forget(system: str) -> None:
        async with worker.session() as db:
            await store.done(db, system, gone, 60)

    async with worker.session() as db:
        await store.done(db, "keycloak", gone, 60)
        second = asyncio.create_task(forget("kafka"))
        async with asyncio.timeout(20):
            while not await _waiting(worker):  # noqa: ASYNC110 - a lock
                await asyncio.sleep(0.01)
    await second
    async with worker.session() as db:
        assert await store.standing(db, client) is None


async def _waiting(database: Database) -> bool:
    async with database.session() as db:
        return bool(await db.value(WAITING))


@pytest.fixture
async def worker(system: System) -> AsyncIterator[Database]:
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    yield database
    await database.close()


@pytest.fixture
async def api(system: System) -> AsyncIterator[Database]:
    database = Database(system.instance.database("notify", "notify_api", "notify_api"))
    yield database
    await database.close()


def caller(role: Role, username: str = "") -> Caller:
    return Caller("test", "", username, frozenset({role}), "hefei", "swt", frozenset({"hefei"}), "", 0)


async def test_the_database_shows_an_integrator_its_own_row_alone(api: Database, integrator: Integrator) -> None:
    integrator.register("hefei")
    seen: dict[str, set[str]] = {}
    for role, username in (
        (Role.INTEGRATOR, SERVICE_ACCOUNT + integrator.client),
        (Role.INTEGRATOR, integrator.client),
        (Role.CITY, SERVICE_ACCOUNT + integrator.client),
        (Role.SECURITY, "security.demo"),
    ):
        async with api.session(caller(role, username)) as db:
            seen[f"{role} {username}"] = {row["client"] for row in await db.rows("SELECT client FROM integrator")}
    own, unknown, city, security = seen.values()
    assert (own, unknown, city) == ({integrator.client}, set(), set())
    assert {integrator.client, "integrator-hefei"} <= security
