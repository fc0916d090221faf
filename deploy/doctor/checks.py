"""What the doctor looks at."""

import asyncio
import base64
import shutil
import ssl
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography import x509

from chassis.app import VERSION
from deploy.backup.databases import head
from deploy.backup.moment import Broker, broker, connected
from deploy.doctor import rules
from deploy.doctor.rules import Finding
from deploy.provision.kafka import PARTITIONS, TOPICS, ZONES, different
from deploy.provision.settings import DoctorSettings

SERVICES = ("catalog", "progress", "notify")
GROUPS = ("progress.catalog", "notify.progress", "notify.catalog", "notify.feed", "notify.offices")
Found = Sequence[Finding]
PATIENCE_SECONDS = 15
"""For one group of checks; what has not answered by then is wrong."""
_GUARDED = {
    "catalog": "/api/catalog/v1/plans",
    "progress": "/api/progress/v1/jurisdictions",
    "notify": "/api/notify/v1/inbox",
}
"""What no service tells whom it does not know."""

_OUTBOX = "SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(time)), 0)::float AS age FROM outbox"
_LETTERS = "SELECT count(*) FROM dead_letter WHERE state = 'waiting'"


async def examine(settings: DoctorSettings) -> list[Finding]:
    """All that is found, in the order of the checks."""
    named: dict[str, Callable[[DoctorSettings], Coroutine[Any, Any, Found]]] = {
        "gateway": outside,
        "processes": processes,
        "certificate": certificate,
        "realm": realm,
        "key in use": signing,
        "databases": databases,
        "broker": messages,
        "disks": disks,
    }
    found = await asyncio.gather(*(_tried(name, check(settings)) for name, check in named.items()))
    return [finding for some in found for finding in some]


async def _tried(name: str, looking: Coroutine[Any, Any, Found]) -> Found:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await looking
    except Exception as error:
        return [rules.broken(name, error)]


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=10, trust_env=False)


async def outside(settings: DoctorSettings) -> Found:
    """What integrators and browsers meet: the gateway's clock, and the services behind it."""
    async with _client() as client:
        asked = time.time()
        answer = await client.get(f"{settings.gateway_url}/")
        shown = parsedate_to_datetime(answer.headers["Date"]).timestamp()  # whole seconds
        found = [rules.clock("the gateway", _ahead(shown, shown + 1, asked))]
        for service in SERVICES:
            path = f"{settings.gateway_url}/api/{service}/openapi.json"
            found += await _tried(f"version of {service}", _version(client, service, path))
    return found


def _ahead(earliest: float, latest: float, asked: float) -> float:
    """How many seconds a clock that showed a time between these is ahead at least, when it was asked then."""
    return max(0.0, earliest - time.time()) or min(0.0, latest - asked)


async def _version(client: httpx.AsyncClient, service: str, path: str) -> Found:
    told = (await client.get(path)).raise_for_status().json()["info"]["version"]
    return [rules.version(service, told, VERSION)]


async def processes(settings: DoctorSettings) -> Found:
    """Each as it says itself."""

    async def ready(name: str, address: str) -> Found:
        async with _client() as client:
            return [rules.process(name, (await client.get(f"{address}/readyz")).status_code)]

    found = await asyncio.gather(*(_tried(name, ready(name, address)) for name, address in settings.processes.items()))
    return [finding for some in found for finding in some]


def _realm(settings: DoctorSettings) -> str:
    return f"{settings.gateway_url}/auth/realms/{settings.issuer.rpartition('/')[2]}"


async def realm(settings: DoctorSettings) -> Found:
    """Whose tokens it gives, whether they can be checked, and whether our clients may ask for some."""
    seen = _realm(settings)
    async with _client() as client:
        told = (await client.get(f"{seen}/.well-known/openid-configuration")).raise_for_status().json()
        keys = (await client.get(settings.jwks_url)).raise_for_status().json()["keys"]
        found = [rules.issuer(told["issuer"], settings.issuer)]
        found.append(rules.keys(sum(key.get("use") == "sig" for key in keys)))
        for name, secret in settings.clients.items():
            form = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
            answer = await client.post(f"{seen}/protocol/openid-connect/token", data=form)
            found.append(rules.client(name, "" if answer.is_success else str(answer.json().get("error_description"))))
    return found


async def certificate(settings: DoctorSettings) -> Found:
    """That of the gateway, where it has one; whoever signed it."""
    place = urlsplit(settings.gateway_url)
    if place.scheme != "https" or not place.hostname:
        return []
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    _, writer = await asyncio.open_connection(place.hostname, place.port or 443, ssl=unchecked)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    ends = x509.load_der_x509_certificate(shown).not_valid_after_utc
    return [rules.certificate(place.netloc, _days(datetime.now(UTC), ends))]


def _days(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 86400


async def signing(settings: DoctorSettings) -> Found:
    """A token that Keycloak gives now, held against its published keys, the gateway and the services."""
    if not settings.login:
        return []
    async with _client() as client:
        answer = await client.post(f"{_realm(settings)}/protocol/openid-connect/token", data=settings.login)
        token = answer.raise_for_status().json()["access_token"]
        kid = jwt.get_unverified_header(token)["kid"]
        keys = (await client.get(settings.jwks_url)).raise_for_status().json()["keys"]
        key = next((each for each in keys if each["kid"] == kid), None)
        found = [rules.signing(kid, key is not None, _age(key or {}))]
        bearer = {"Authorization": f"Bearer {token}"}
        for service, path in _GUARDED.items():
            status = (await client.get(settings.processes[f"{service}-api"] + path, headers=bearer)).status_code
            found.append(rules.trust(f"{service}-api", status))
        nowhere = await client.get(f"{settings.gateway_url}/api/", headers=bearer)
        return [*found, rules.trust("the gateway", nowhere.status_code)]


def _age(key: dict[str, Any]) -> float | None:
    """Of a published key in days; its certificate is as old."""
    if not (chain := key.get("x5c")):
        return None
    begins = x509.load_der_x509_certificate(base64.b64decode(chain[0])).not_valid_before_utc
    return _days(begins, datetime.now(UTC))


async def databases(settings: DoctorSettings) -> Found:
    found: list[Finding] = []
    for name, expected in settings.heads.items():
        found += await _tried(f"database {name}", _database(settings, name, expected))
    return found


async def _database(settings: DoctorSettings, name: str, expected: str) -> Found:
    connection = await connected(settings.superuser_url, name)
    try:
        found = [rules.migrations(name, await head(connection), expected)]
        asked = time.time()
        shown = (await connection.fetchval("SELECT clock_timestamp()")).timestamp()
        found.append(rules.clock(f"the database {name}", _ahead(shown, shown, asked)))
        if await _has(connection, "outbox"):
            row = await connection.fetchrow(_OUTBOX)
            found.append(rules.outbox(name, row["waiting"], row["age"]))
        if await _has(connection, "dead_letter"):
            parked = await connection.fetchval("SELECT count(*) FROM parked")
            found.append(rules.letters(name, await connection.fetchval(_LETTERS), parked))
        return found
    finally:
        connection.terminate()


async def _has(connection: Any, table: str) -> bool:
    return bool(await connection.fetchval("SELECT to_regclass('public.' || $1) IS NOT NULL", table))


async def messages(settings: DoctorSettings) -> Found:
    """The topics that must be there, and how far our consumers are."""
    zones = await _zones(settings)

    def look() -> Found:
        with broker(settings) as on:
            wanted, known = {*TOPICS, *(f"{ZONES}{zone}" for zone in zones)}, set(on.admin.list_topics())
            there = sorted(wanted & known)
            counts = {topic: len(on.consumer.partitions_for_topic(topic)) for topic in there}
            return [
                rules.topics(sorted(wanted - known)),
                rules.topic_settings(different(on.admin, there)),
                rules.partitions(counts, PARTITIONS),
                *_consumers(on),
                *_disks_of_brokers(on),
            ]

    return await asyncio.to_thread(look)


async def _zones(settings: DoctorSettings) -> list[str]:
    connection = await connected(settings.superuser_url, "progress")
    try:
        return [row["code"] for row in await connection.fetch("SELECT code FROM zone WHERE version > 0")]
    finally:
        connection.terminate()


def _consumers(on: Broker) -> Found:
    offsets, ends = on.offsets(), on.ends()
    described = on.admin.describe_groups([*GROUPS])
    members = {group: len(told.get("members") or ()) for group, told in described.items()}
    return [
        rules.consumer(
            group,
            sum(max(0, ends.get(place, 0) - offset) for place, offset in offsets.get(group, {}).items()),
            members.get(group, 0),
        )
        for group in GROUPS
    ]


def _disks_of_brokers(on: Broker) -> Found:
    """As the brokers see them, wherever they run; older ones do not tell."""
    return [
        rules.disk(f"Kafka ({folder['log_dir']})", folder["usable_bytes"], folder["total_bytes"])
        for told in on.admin.describe_log_dirs()
        for folder in told["log_dirs"]
        if folder["total_bytes"] > 0
    ]


async def disks(settings: DoctorSettings) -> Found:
    usage = {folder: shutil.disk_usage(folder) for folder in settings.folders}
    return [rules.disk(str(folder), now.free, now.total) for folder, now in usage.items()]
