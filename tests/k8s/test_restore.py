"""The overlay by which a backup comes back: nothing may write before it is there."""

import kubernetes_validate
import pytest

from deploy.local.instance import ROOT
from tests.k8s import pods
from tests.k8s.kustomize import Manifest, build

_FOLDER = ROOT / "deploy" / "k8s" / "overlays" / "restore"


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return build(_FOLDER)


def test_its_manifests_are_valid(manifests: list[Manifest]) -> None:
    for manifest in manifests:
        kubernetes_validate.validate(manifest, "1.34", strict=True)


def test_only_the_server_of_the_databases_runs_and_what_fills_it(manifests: list[Manifest]) -> None:
    workloads = pods.of_kind(manifests, *pods.WORKLOADS)
    assert {name for name, each in workloads.items() if each["spec"]["replicas"]} == {"postgres"}
    steps = pods.of_kind(manifests, "Job", "CronJob")
    assert {name for name, each in steps.items() if not each["spec"].get("suspend")} == {"databases", "restore-data"}


def test_the_steps_are_told_what_the_backup_is_told(manifests: list[Manifest]) -> None:
    templates = pods.templates(manifests)
    (backup,) = templates["backup"]["spec"]["containers"]
    for what in ("data", "topics"):
        (step,) = templates[f"restore-{what}"]["spec"]["containers"]
        assert step["args"] == ["deploy.backup", what, "/backups/newest"]
        assert all(step[key] == backup[key] for key in ("image", "env", "envFrom", "securityContext", "resources"))
