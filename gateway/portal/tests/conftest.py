"""Browsers, the portal's database, its sessions, news."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import asyncpg
import httpx
import pytest
from kafka import KafkaProducer

from chassis.clock import today
from chassis.events import Event, uuid7
from chassis.tenancy import Database
from deploy.local.services import api
from deploy.local.system import System
from gateway.portal.tests.support import Browser, portal
from portal.session.keeper import Sessions
from portal.session.oidc import Oidc
from portal.session.rules import Tokens
from portal.settings import PortalSettings

NewBrowser = Callable[[], Browser]
AsUser = Callable[[str], Browser]
Tell = Callable[[str], None]
NewPortal = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def new_browser(system: System) -> Iterator[NewBrowser]:
    opened: list[Browser] = []

    def new() -> Browser:
        opened.append(Browser(system))
        return opened[-1]

    yield new
    for browser in opened:
        browser.close()


@pytest.fixture
def browser(new_browser: NewBrowser) -> Browser:
    return new_browser()


@pytest.fixture(scope="session")
def logged_in(system: System) -> Iterator[AsUser]:
    """The browser of a user who has logged in once for the whole run."""
    known: dict[str, Browser] = {}

    def of(user: str) -> Browser:
        if user not in known:
            known[user] = Browser(system)
            known[user].log_in(user)
        return known[user]

    yield of
    for browser in known.values():
        browser.close()


@pytest.fixture
def as_user(new_browser: NewBrowser, logged_in: AsUser) -> AsUser:
    """A browser of the test's own with a user's session, for tests that do not end it."""

    def of(user: str) -> Browser:
        browser = new_browser()
        browser.cookies.update(logged_in(user).cookies)
        return browser

    return of


@pytest.fixture
def new_portal(system: System) -> NewPortal:
    return partial(portal, system)


@pytest.fixture
async def server(system: System) -> AsyncIterator[asyncpg.Connection]:
    """The portal's database, as its superuser."""
    connection = await asyncpg.connect(system.database("portal"))
    yield connection
    await connection.close()


KEPT = (
    "INSERT INTO closed_day (day, reconstructed) VALUES ($1, true)",
    "INSERT INTO day_cell SELECT *, CAST($1 AS date) FROM overview_cell",
)


@pytest.fixture
async def kept(system: System) -> AsyncIterator[date]:
    """Yesterday, closed as if everything had been as it is."""
    yesterday = today() - timedelta(1)
    server = await asyncpg.connect(system.database("progress"))
    await server.execute("TRUNCATE closed_day, day_cell")
    for statement in KEPT:
        await server.execute(statement, yesterday)
    yield yesterday
    await server.execute("TRUNCATE closed_day, day_cell")
    await server.close()


@pytest.fixture(scope="session")
def settings(system: System) -> PortalSettings:
    """What the portal of the system is told."""
    env = api(system.instance, "portal").env
    return PortalSettings.model_validate({name.removeprefix("ZP_").lower(): value for name, value in env.items()})


class CountingOidc(Oidc):
    renewals = 0

    async def renew(self, tokens: Tokens) -> Tokens:
        self.renewals += 1
        return await super().renew(tokens)


@pytest.fixture
def oidc(settings: PortalSettings) -> CountingOidc:
    return CountingOidc(settings)


@pytest.fixture
async def sessions(settings: PortalSettings, oidc: CountingOidc) -> AsyncIterator[Sessions]:
    """A second portal's sessions, on the same database and Keycloak."""
    database = Database(settings.database_url)
    yield Sessions(database, oidc)
    await database.close()


@pytest.fixture(scope="session")
def tell_returned(system: System) -> Iterator[Tell]:
    """``tell_returned(title)``: a report of Hefei's on a line of that title was returned, as progress tells it."""
    producer = KafkaProducer(
        bootstrap_servers=system.endpoints["kafka_internal"],
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username="progress",
        sasl_plain_password=system.instance.secrets["kafka_progress"],
        acks="all",
    )

    def tell(title: str) -> None:
        event = _returned(title)
        producer.send("progress.hefei", key=event.subject.encode(), value=event.value(), headers=event.headers())
        producer.flush()

    yield tell
    producer.close()


def _returned(title: str) -> Event:
    plan = {"code": "1", "number": 1, "name": "专项行动计划"}
    line = {
        "id": str(uuid4()),
        "jurisdiction": "hefei",
        "jurisdiction_name": "合肥片区",
        "task": {"code": "1", "number": 1, "title": title, "plan": plan},
        "units": [{"code": "swt", "name": "省商务厅", "role": "lead"}],
        "light": "green",
    }
    report = {"id": str(uuid4()), "percent": 40, "finished": False, "office": "zone:hefei", "reason": "补充材料"}
    return Event(
        type="zoneportal.progress.report.returned.v1",
        source="/zoneportal/progress",
        subject=str(report["id"]),
        tenant="hefei",
        sequence=1,
        data={"line": line, "report": report},
        id=uuid7(),
    )


@pytest.fixture
def title() -> str:
    return f"事项{uuid4().hex[:12]}"
