"""The drill on a cluster: all but a backup and the secrets is lost, and comes back as the operators' page says."""

from collections.abc import Iterator
from time import monotonic

import pytest

from deploy.local.instance import ROOT
from tests.k8s.cluster import Cluster, apply, kubectl, lose, running, wait_for_jobs
from tests.k8s.drill import Drill

_RESTORE = ROOT / "deploy" / "k8s" / "overlays" / "restore"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("drill"), "overlay") as found:
        yield found


def test_a_backup_brings_back_what_was_lost_and_events_go_on(cluster: Cluster) -> None:
    drill = Drill(cluster.system)
    kubectl("create", "job", "--from=cronjob/backup", "backup-now")
    wait_for_jobs("backup-now")
    before = drill.look()
    drill.go_on()
    lose()
    _restore()
    cluster.wait_ready()
    assert drill.look() == before
    drill.go_on()


def _restore() -> None:
    begun = monotonic()
    kubectl("apply", "-k", str(_RESTORE))
    wait_for_jobs("restore-data")
    kubectl("scale", "statefulset", "keycloak", "kafka", "--replicas=1")
    for job in ("realm", "topics", "restore-topics"):
        kubectl("patch", "job", job, "--type=merge", "-p", '{"spec": {"suspend": false}}')
    wait_for_jobs("restore-topics")
    print(f"data and topics are back: {monotonic() - begun:.0f} s")
    kubectl("delete", "job", "--all")
    apply("overlay")
    print(f"the portal is back: {monotonic() - begun:.0f} s")
