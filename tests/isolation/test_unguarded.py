"""The database refuses by itself: the services' own statements, run for somebody whom no code has turned away."""

from collections.abc import Iterator, Mapping
from itertools import islice

import pytest
from starlette.testclient import TestClient

from chassis.tenancy import Database
from deploy.local.instance import ROOT
from deploy.local.services import api
from deploy.local.system import System
from tests.isolation.operations import OPERATIONS, Operation
from tests.isolation.things import Answer, Parameters, Things, attempts, nothing
from tests.isolation.unguarded import MADE, STORES, Notes, caller, hidden, inside, leaks, noting, own

OWNERS = (
    *("hefei.admin", "wuhu.admin", "dept.swt", "province.admin", "auditor.demo", "security.demo", "operator.demo"),
    "integrator-hefei",
)
USER = "bengbu.admin"
FOREIGN = (
    *((service, USER) for service in MADE),
    ("progress", "dept.hfhg"),
    ("notify", "integrator-hefei"),
    ("catalog", "operator.demo"),
)
WORKERS = {
    *("catalog/organizations/store.py", "catalog/people/store.py"),
    *("notify/mail/store.py", "notify/offices/store.py", "notify/stream/store.py"),
    *("progress/catalog_copy/store.py", "progress/reminders/store.py", "progress/search/store.py"),
}
"""Stores of what workers do, who see all that their service has; that of streams, which are listened to elsewhere."""
ASKED = [operation for operation in OPERATIONS if not operation.path.endswith("/stream")]


@pytest.fixture(scope="module")
def services(system: System) -> Iterator[Mapping[str, TestClient]]:
    with inside(system) as clients:
        yield clients


@pytest.fixture(scope="module")
def noted(system: System, services: Mapping[str, TestClient], things: Things) -> Mapping[str, Notes]:
    """By service what was asked of the database while everything was read by people who may."""
    found: dict[str, Notes] = {}
    for service in MADE:
        with noting() as notes:
            for operation in ASKED:
                if operation.service == service and operation.method == "GET":
                    _read(system, services[service], operation, things)
        found[service] = notes
    return found


def _read(system: System, client: TestClient, operation: Operation, things: Things) -> None:
    for owner, thing in islice(things.of(operation), 2):
        who = next((user for user in OWNERS if operation.expected(user, owner) == "allowed"), None)
        if who is not None:
            _asked(system, client, operation, who, thing)


def _asked(system: System, client: TestClient, operation: Operation, user: str, thing: Parameters) -> Answer:
    client.headers["Authorization"] = f"Bearer {system.token(user)}"
    return attempts(operation)[0].ask(client, operation, thing)


def test_every_store_has_been_asked(noted: Mapping[str, Notes]) -> None:
    asked = {store for notes in noted.values() for store in notes.stores}
    assert {str(store.relative_to(ROOT / "services")).split("/src/")[1] for store in STORES - asked} == WORKERS


@pytest.mark.parametrize(("service", "user"), FOREIGN)
async def test_no_statement_shows_anything_of_others(
    system: System, noted: Mapping[str, Notes], things: Things, service: str, user: str
) -> None:
    database, ids = Database(api(system.instance, service).env["ZP_DATABASE_URL"]), hidden(things, user)
    async with database.session(caller(system, user)) as db:
        told = [(sql, params) for sql, params in noted[service].distinct if await leaks(db, sql, params, ids)]
        await db.rollback()
    await database.close()
    assert told == []


def test_of_a_foreign_thing_no_more_is_asked_than_of_nothing(
    system: System, services: Mapping[str, TestClient], things: Things
) -> None:
    """So that not even the time tells them apart: the same statements in the same order."""
    for operation in ASKED:
        absent = (thing for owner, thing in things.of(operation) if operation.expected(USER, owner) == "absent")
        for thing in list(absent)[:1]:
            with noting() as of_thing:
                _asked(system, services[operation.service], operation, USER, thing)
            with noting() as of_nothing:
                others = dict(thing.items() - own(operation.kind or "", thing).items())
                _asked(system, services[operation.service], operation, USER, nothing(**others))
            assert [sql for sql, _ in of_thing.statements] == [sql for sql, _ in of_nothing.statements], operation
