"""The systems of all tests of the repository, and the order of the tests: first those that need none.

``make test`` runs them in two processes side by side, each with a system of its own.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from deploy.local.instance import ROOT, Instance
from deploy.local.system import System
from tests.contract.fuzzing import Fuzzing
from tests.systems import Systems

RUNNING = os.environ.get("ZP_TEST_SYSTEM")
ASIDE = os.environ.get("PYTEST_XDIST_WORKER") == "gw1"
RUN_ASIDE = (
    *("services/", "gateway/", "chassis/", "tests/k8s/", "tests/local/", "tests/rolling/"),
    *("tests/e2e/test_quarter.py", "tests/e2e/test_examples.py"),
    *(f"tests/contract/test_{name}.py" for name in ("schemathesis", "asyncapi", "readers")),
    *(f"tests/contract/test_{name}.py" for name in ("http_providers", "portal_consumer")),
)
SHARED = "aside" if ASIDE else "test"
SYSTEMS = Systems()
FUZZING = Fuzzing(SYSTEMS, "quarter")

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def needs(item: pytest.Item, *fixtures: str) -> bool:
    return not {*fixtures}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """What the other process runs is not even loaded by this one."""
    if "PYTEST_XDIST_WORKER" not in os.environ or not collection_path.is_file():
        return None
    return str(collection_path.relative_to(ROOT)).startswith(RUN_ASIDE) != ASIDE or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """While tests run that need no system, one starts; then a quarter is lived through, so that fuzzing fills the time
    in which other tests wait. What looks at the logs of all comes last.
    """
    items.sort(key=lambda item: (needs(item, "logs"), needs(item, "system", "fuzzing"), needs(item, "lived")))


def pytest_collection_finish(session: pytest.Session) -> None:
    if session.config.option.collectonly:
        return
    if any(needs(item, "lived", "fuzzing") for item in session.items):
        SYSTEMS.begin("quarter")
    else:
        _begin_shared(session)


def _begin_shared(session: pytest.Session) -> None:
    if not RUNNING and any(needs(item, "system") for item in session.items):
        SYSTEMS.begin(SHARED)


@pytest.hookimpl(trylast=True)  # after what the tests share has ended
def pytest_sessionfinish() -> None:
    FUZZING.end()
    SYSTEMS.end_all()


@pytest.fixture(scope="session")
def system() -> System:
    """The real system: a fresh one for this test run, or the running one whose run folder ``ZP_TEST_SYSTEM`` names."""
    return System(Instance.at(Path(RUNNING).resolve())) if RUNNING else SYSTEMS.ready(SHARED)


@pytest.fixture(scope="module")
def lived(request: pytest.FixtureRequest) -> Iterator[System]:
    """A fresh system for tests that live through days to come; the fuzzing goes on with it."""
    found = SYSTEMS.ready("quarter")
    _begin_shared(request.session)
    yield found
    if any(needs(item, "fuzzing") for item in request.session.items):
        FUZZING.begin()
    else:
        SYSTEMS.end("quarter")


@pytest.fixture(scope="session")
def systems() -> Systems:
    """Where a test begins another one."""
    return SYSTEMS


@pytest.fixture(scope="session")
def fuzzing() -> Fuzzing:
    """Under way since the system was free, or from now on."""
    FUZZING.begin()
    return FUZZING
