"""The manifests: valid by the schemas of Kubernetes, and true to what the product asks of every pod."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from deploy.local import credentials
from deploy.local.instance import ROOT
from deploy.provision.kafka import PARTITIONS
from deploy.provision.secrets import Files, folders
from tests.k8s import launchers, pods, schemas
from tests.k8s.kustomize import Manifest, build, with_component

VERSIONS = ("1.32", "1.34")
_K8S = ROOT / "deploy" / "k8s"
_SERVICES = ("catalog", "progress", "notify")
_APIS = tuple(f"{service}-api" for service in _SERVICES)
_WORKERS = tuple(f"{service}-worker" for service in _SERVICES)
_MIGRATIONS = tuple(f"{service}-migration" for service in (*_SERVICES, "portal"))
_CLIENTS = {
    ("postgres", 5432): (*_APIS, *_WORKERS, *_MIGRATIONS, "portal", "keycloak", "databases", "backup"),
    ("keycloak", 8080): (*_APIS, "catalog-worker", "notify-worker", "portal", "gateway", "kafka", "realm"),
    ("kafka", 9092): (*_WORKERS, "topics", "backup"),
    **{(server, 8000): ("gateway",) for server in _APIS},
    ("portal", 8000): ("gateway", "keycloak"),
    ("mail", 1025): ("notify-worker", "keycloak"),
}
"""design.md's picture: (server, port) -> its clients. The gateway and Kafka's door for integrators are open to all.
Keycloak tells the portal of sessions that have ended.
"""


_WITH_DEMO = Path(__file__).parent / "overlay"


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    """All that one node may hold: with demo users, the notice and a mail sink."""
    return build(_WITH_DEMO)


@pytest.fixture(scope="module")
def secrets() -> dict[str, Files]:
    return folders(credentials.new())


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid(manifests: list[Manifest], version: str) -> None:
    for manifest in manifests:
        _validate(manifest, version)


def _validate(manifest: Manifest, version: str) -> None:
    if manifest["apiVersion"].partition("/")[0] in schemas.GROUPS:
        schemas.validate(manifest)
    else:
        kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.parametrize("component", ["autoscaling", "keda"])
def test_what_grows_with_its_load_is_there(component: str) -> None:
    grown = with_component(build(_K8S / "base"), _K8S / "components" / component)
    for manifest in grown:
        _validate(manifest, VERSIONS[-1])
    workloads = pods.of_kind(grown, *pods.WORKLOADS)
    for scaler in pods.of_kind(grown, "HorizontalPodAutoscaler", "ScaledObject").values():
        target = scaler["spec"]["scaleTargetRef"]
        assert workloads[target["name"]]["kind"] == target["kind"]
        assert "replicas" not in workloads[target["name"]]["spec"]


def test_workers_are_no_more_than_partitions() -> None:
    grown = with_component([], _K8S / "components" / "keda")
    for scaled in pods.of_kind(grown, "ScaledObject").values():
        assert scaled["spec"]["maxReplicaCount"] == PARTITIONS


def test_every_manifest_belongs_to_a_kustomization() -> None:
    for kustomization in _K8S.rglob("kustomization.yaml"):
        files = {path.name for path in kustomization.parent.glob("*.yaml")} - {"kustomization.yaml"}
        assert all(f"{name}" in kustomization.read_text() for name in files), kustomization


def test_a_pod_may_do_nothing_that_it_does_not_need(manifests: list[Manifest]) -> None:
    accounts = pods.of_kind(manifests, "ServiceAccount")
    assert not any(account["automountServiceAccountToken"] for account in accounts.values())
    for name, template in pods.templates(manifests).items():
        spec = template["spec"]
        assert spec["serviceAccountName"] in accounts, name
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pods.containers(template):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name


def test_a_pod_says_what_it_uses(manifests: list[Manifest]) -> None:
    for name, template in pods.templates(manifests).items():
        for container in pods.containers(template):
            assert set(container["resources"]["requests"]) == {"cpu", "memory"}, name
            assert "memory" in container["resources"]["limits"], name


def test_what_runs_on_is_probed(manifests: list[Manifest]) -> None:
    for name, workload in pods.of_kind(manifests, *pods.WORKLOADS).items():
        template = workload["spec"]["template"]
        (container,) = template["spec"]["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container), name
        assert pods.matches(workload["spec"]["selector"], template), name


def test_what_is_the_product_s_own_is_evicted_one_by_one() -> None:
    base = build(_K8S / "base")
    budgets = [budget["spec"]["selector"] for budget in pods.of_kind(base, "PodDisruptionBudget").values()]
    for name, workload in pods.of_kind(base, *pods.WORKLOADS).items():
        assert any(pods.matches(budget, workload["spec"]["template"]) for budget in budgets), name


def test_replicas_are_spread_over_the_nodes() -> None:
    for name, workload in pods.of_kind(build(_K8S / "base"), *pods.WORKLOADS).items():
        template = workload["spec"]["template"]
        (spread,) = template["spec"]["topologySpreadConstraints"]
        assert spread["topologyKey"] == "kubernetes.io/hostname"
        assert pods.matches(spread["labelSelector"], template), name


def test_the_edges_are_those_of_the_picture_and_no_others(manifests: list[Manifest]) -> None:
    wanted = {(client, *server) for server, clients in _CLIENTS.items() for client in clients}
    assert set(pods.edges(manifests)) == wanted
    assert set(pods.open_to_all(manifests)) == {("gateway", 8080), ("kafka", 9094)}
    nothing = pods.of_kind(manifests, "NetworkPolicy")["nothing"]["spec"]
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_what_a_manifest_names_is_there(manifests: list[Manifest], secrets: dict[str, Files]) -> None:
    templates = pods.templates(manifests)
    for service in pods.of_kind(manifests, "Service").values():
        selector = {"matchLabels": service["spec"]["selector"]}
        (template,) = (each for each in templates.values() if pods.matches(selector, each))
        bound = {port["containerPort"] for each in pods.containers(template) for port in each.get("ports", ())}
        assert {port["port"] for port in service["spec"]["ports"]} <= bound
    for template in templates.values():
        volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        assert {volume["secret"]["secretName"] for volume in volumes.values() if "secret" in volume} <= set(secrets)


def test_a_service_is_told_what_the_launcher_tells_it(
    manifests: list[Manifest], secrets: dict[str, Files], tmp_path: Path
) -> None:
    templates = pods.templates(manifests)
    for name, (service, wanted) in launchers.processes(tmp_path).items():
        (container,) = templates[name]["spec"]["containers"]
        told = pods.settings(templates[name], container, manifests, secrets)
        assert told & launchers.names(launchers.KNOWN[service]) == wanted, name
        assert launchers.names(launchers.KNOWN[service], required=True) <= wanted, name


def test_no_step_misses_a_setting_and_none_is_misspelt(manifests: list[Manifest], secrets: dict[str, Files]) -> None:
    known = {
        name
        for every in (launchers.KNOWN.values(), *launchers.STEPS.values())
        for each in every
        for name in launchers.names(each)
    }
    for step, told in _told(manifests, secrets):
        for settings in launchers.STEPS.get(step, ()):
            assert launchers.names(settings, required=True) <= told, step
        assert {name for name in told if name.startswith("ZP_")} <= known, step


def _told(manifests: list[Manifest], secrets: dict[str, Files]) -> Iterator[tuple[str, set[str]]]:
    """What each container is told, by workload; what runs before it is ``<workload>-files`` or ``<workload>-wait``.

    The steps of the seed go by their own names.
    """
    for name, template in pods.templates(manifests).items():
        for container in pods.containers(template):
            step = f"{name}-{container['name']}" if container["name"] in ("files", "wait") else name
            step = container["name"] if container["name"] in launchers.STEPS else step
            yield step, pods.settings(template, container, manifests, secrets)


def test_the_issuer_is_behind_the_address_of_the_gateway(manifests: list[Manifest]) -> None:
    told: dict[str, Any] = pods.of_kind(manifests, "ConfigMap")["settings"]["data"]
    assert told["ZP_ISSUER"] == f"{told['ZP_GATEWAY_URL']}/auth/realms/zoneportal"
