"""The pact library keeps its usage to itself; what runs beside the other tests is asked for after them."""

import os

import pytest

os.environ["PACT_DO_NOT_TRACK"] = "true"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_schemathesis.py")
