"""The upgrade of a working cluster from the last release to this version, and back, as the operators' page says."""

import asyncio
from collections.abc import Iterator
from functools import partial
from time import monotonic

import pytest

from tests.k8s import topics
from tests.k8s.cluster import Cluster, apply, kubectl, running
from tests.rolling.load import Load

_WORKLOADS = (
    *(f"deployment/{service}-api" for service in ("catalog", "progress", "notify")),
    *(f"statefulset/{service}-worker" for service in ("catalog", "progress", "notify")),
    "deployment/portal",
)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("released"), "released") as found:
        yield found


async def test_a_release_is_upgraded_and_brought_back_while_people_work(released: Cluster) -> None:
    load = await asyncio.to_thread(Load, released.system)
    with load.running():
        await asyncio.to_thread(_upgrade)
        await asyncio.to_thread(_roll_back)
    print(load.told)
    print(released.usage)
    await load.check(released.system, published=topics.published)


def _upgrade() -> None:
    begun = monotonic()
    kubectl("delete", "job", "--all")
    apply("overlay")
    for workload in _WORKLOADS:
        _replaced(workload)
    assert _versions() == {"0.1.0"}
    print(f"upgrade: {monotonic() - begun:.0f} s")


def _roll_back() -> None:
    begun = monotonic()
    for workload in _WORKLOADS:
        kubectl("rollout", "undo", workload)
    for workload in _WORKLOADS:
        _replaced(workload)
    assert _versions() == {"released"}
    print(f"rollback: {monotonic() - begun:.0f} s")


_replaced = partial(kubectl, "rollout", "status", "--timeout=15m")


def _versions() -> set[str]:
    """Of the product's processes that are there."""
    images = kubectl("get", *_WORKLOADS, "-o", "jsonpath={.items[*].spec.template.spec.containers[*].image}")
    return {image.rpartition(":")[2] for image in images.split()}
