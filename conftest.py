"""Fixtures for all tests of the repository."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from deploy.local.instance import ROOT, Instance
from deploy.local.system import System, fresh

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The real system: a fresh one for this test run, or the running one whose run folder ``ZP_TEST_SYSTEM`` names."""
    running = os.environ.get("ZP_TEST_SYSTEM")
    if running:
        yield System(Instance.at(Path(running).resolve()))
    else:
        with fresh(ROOT / ".run" / "test") as started:
            yield started
