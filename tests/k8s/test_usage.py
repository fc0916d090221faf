"""Peaks go on growing when the cluster did not answer in between, and nobody takes old ones for the present ones."""

import json
import subprocess
from itertools import count

import pytest

from tests.k8s import usage
from tests.support import until

_POD = {"metadata": {"name": "portal-1", "labels": {"app": "portal"}}, "spec": {"nodeName": "node1"}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "_SECONDS", 0.001)


def _summary(memory: int) -> str:
    containers = [{"name": "api", "memory": {"workingSetBytes": memory}, "cpu": {"usageNanoCores": 10**8}}]
    return json.dumps({"pods": [{"podRef": {"name": "portal-1", "namespace": "here"}, "containers": containers}]})


def test_a_look_that_fails_is_taken_again() -> None:
    looks = count()

    def kubectl(*command: str) -> str:
        if command[1] == "pods":
            return json.dumps({"items": [_POD]})
        if (look := next(looks)) % 2:
            raise subprocess.CalledProcessError(1, command)
        return _summary(look)

    with usage.measured(kubectl, "here") as peaks:
        until(lambda: peaks["portal/api"].memory > 10)
    assert peaks["portal/api"].cores == 0.1


def test_who_can_look_no_more_says_so() -> None:
    looks: list[tuple[str, ...]] = []

    def kubectl(*command: str) -> str:
        looks.append(command)
        raise subprocess.CalledProcessError(1, command)

    with pytest.raises(subprocess.CalledProcessError), usage.measured(kubectl, "here") as peaks:
        until(lambda: len(looks) > usage._REFUSALS)
    assert not peaks
