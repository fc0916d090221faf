"""The drill on a cluster: all but a backup and the secrets is lost, and comes back as the operators' page says."""

from collections.abc import Iterator
from time import monotonic

import pytest

from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.k8s.cluster import Cluster, apply, kubectl, lose, running, wait_for_jobs
from tests.support import (
    CATALOG,
    PROGRESS,
    Json,
    attach,
    client_of,
    done,
    entries,
    get,
    lines,
    order_in_hand,
    pages,
    until,
)

_RESTORE = ROOT / "deploy" / "k8s" / "overlays" / "restore"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("drill"), "overlay") as found:
        yield found


def test_a_backup_brings_back_what_was_lost_and_events_go_on(cluster: Cluster) -> None:
    system = cluster.system
    first, second = [each["id"] for each in lines(system, "hefei.admin") if "report" in each["actions"]][:2]
    file = attach(system, "hefei.admin", "order", order_in_hand(system))
    _report(system, first)
    kubectl("create", "job", "--from=cronjob/backup", "backup-now")
    wait_for_jobs("backup-now")
    before = _seen(system, first, file["id"])
    _report(system, second)
    lose()
    _restore()
    cluster.wait_ready()
    assert _seen(system, first, file["id"]) == before
    assert entries(system, "province.admin", second) == []
    _report(system, second)


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


def _report(system: System, line: str) -> None:
    """Until the province has it in its inbox."""
    before = entries(system, "province.admin", line)
    done(system, "hefei.admin", line, "reports", percent=40, done="已建成")
    until(lambda: entries(system, "province.admin", line) != before, seconds=60)


def _seen(system: System, line: str, file: str) -> Json:
    content = client_of(system, "hefei.admin").get(f"{PROGRESS}/attachments/{file}/content").raise_for_status().content
    return {
        "lines": lines(system, "province.admin"),
        "overview": get(system, "province.admin", f"{PROGRESS}/overview"),
        "tasks": pages(system, "province.admin", f"{CATALOG}/tasks"),
        "people": pages(system, "province.admin", f"{CATALOG}/people"),
        "inbox": entries(system, "province.admin", line),
        "file": content,
    }
