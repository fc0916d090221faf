"""Every operation of the three services × every caller × things of every owner, held against the table of rights."""

from collections.abc import Mapping

import httpx
import pytest

from contracts.apis import APPS
from contracts.readings import CONSUMER, readings, shape, unanswered
from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.isolation.operations import OPERATIONS, Operation
from tests.isolation.rights import CALLERS, COLUMNS
from tests.isolation.things import GUESSED, Answer, Things, attempts, nothing

STATUS = {"absent": 404, "forbidden": 403}
READ = {operation: shape(places) for operation, places in readings().items() if operation.startswith("GET ")}


def test_the_table_has_every_operation_of_the_services(system: System) -> None:
    documented = set()
    with system.client() as client:
        for service in ("catalog", "progress", "notify"):
            document = client.get(f"/api/{service}/openapi.json").raise_for_status().json()
            for path, methods in document["paths"].items():
                short = path.removeprefix(f"/api/{service}/v1")
                documented |= {(service, method.upper(), short) for method in methods}
    assert documented == {(operation.service, operation.method, operation.path) for operation in OPERATIONS}


def test_news_is_streamed_at_two_places_and_both_are_listened_to() -> None:
    """At the API in ``test_inference``, at the portal in its ``test_live``."""
    folders = ("chassis/src", "services", "gateway/portal/src")
    files = (file for folder in folders for file in (ROOT / folder).rglob("*.py") if "/tests/" not in str(file))
    streaming = {str(file.relative_to(ROOT)) for file in files if "EventStream(" in file.read_text()}
    own = "chassis/src/chassis/streaming.py"
    assert streaming - {own} == {"services/notify/src/notify/stream/api.py", "gateway/portal/src/portal/live/pages.py"}


ADMINISTRATORS = {"{line_id}/person", "/handovers", "/check", "/sending-back", "/check-undoing"}
"""What only administrators of an office change, which departments may have: that it takes one is no role of theirs."""


def _takes_an_administrator(operation: Operation) -> bool:
    changes = operation.method != "GET" and operation.path.endswith(tuple(ADMINISTRATORS))
    return changes or operation.path.startswith(("/robots", "/people"))


def test_each_operation_is_described_with_the_roles_that_it_is_for() -> None:
    described = {service: app().openapi()["paths"] for service, app in APPS.items()}
    for operation in OPERATIONS:
        path = f"/api/{operation.service}/v1{operation.path}"
        roles = described[operation.service][path][operation.method.lower()].get("x-roles", COLUMNS)
        allowed = {role for role in COLUMNS if operation.rights[role] != "-"}
        if _takes_an_administrator(operation):
            allowed.add("department")
        assert set(roles) == allowed, operation


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_each_caller_may_do_what_the_table_says_and_learns_nothing_else(
    clients: Mapping[str, httpx.Client], things: Things, operation: Operation, caller: str
) -> None:
    client = clients[caller]
    for attempt in attempts(operation):
        of_nothing: Answer | None = None
        for owner, thing in things.of(operation):
            answer = attempt.ask(client, operation, thing)
            expected = "absent" if operation.path in GUESSED else operation.expected(caller, owner)
            if expected == "allowed":
                assert answer.status < 500 and answer.status not in (401, 403, 404), (attempt.name, owner, answer)
                assert answer.status != 200 or operation.is_public or _is_private(answer), answer.headers
                _has_all_that_is_read(operation, answer)
            elif attempt.is_valid:
                assert answer.status == STATUS[expected], (attempt.name, owner, answer)
            if expected == "absent" or operation.is_closed_to(caller):
                of_nothing = of_nothing or attempt.ask(client, operation, nothing())
                assert answer == of_nothing, (attempt.name, owner)


def _is_private(answer: Answer) -> bool:
    """Whether nobody else may keep it."""
    kept = answer.headers.get("cache-control", "")
    return "no-store" in kept or kept.startswith("private")


def _has_all_that_is_read(operation: Operation, answer: Answer) -> None:
    """Names who reads what is not answered any more. Of traces, which answers here are without, the pacts tell."""
    name = f"{operation.method} /api/{operation.service}/v1{operation.path}"
    if answer.status == 200 and name in READ:
        body = answer.body | {"trace": None}
        assert [f"{CONSUMER} reads {field}" for field in unanswered(READ[name], body, name)] == []
