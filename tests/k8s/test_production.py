"""The production's manifests: valid for their operators, and the same system as the other launchers start."""

import copy
import re
from typing import Any

import jsonschema_rs
import kubernetes_validate
import pytest
import yaml
from kafka.admin import ACLResourcePatternType

from chassis.kafka_rights import Right
from deploy.local import artifacts, credentials, postgres
from deploy.local.instance import ROOT
from deploy.local.keycloak import PLANNED_ONCE
from deploy.provision import broker, kafka
from deploy.provision.secrets import Files, folders
from tests.k8s import pods, production, schemas
from tests.k8s.kustomize import Manifest

_BY_HAND = {"backups"}
"""Secrets that no command makes: they come from the store of the backups."""
_CERTIFICATES = {"gateway-certificate", "kafka-certificate"}


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return production.everything()


@pytest.fixture(scope="module")
def secrets() -> dict[str, Files]:
    return folders(credentials.new())


def _of_operators(manifests: list[Manifest]) -> list[Manifest]:
    return [each for each in manifests if each["apiVersion"].partition("/")[0] in schemas.GROUPS]


def test_every_manifest_is_valid(manifests: list[Manifest]) -> None:
    theirs = _of_operators(manifests)
    for manifest in manifests:
        if manifest in theirs:
            schemas.validate(manifest)
        else:
            kubernetes_validate.validate(manifest, "1.34", strict=True)


def test_what_an_operator_does_not_know_is_noticed(manifests: list[Manifest]) -> None:
    for manifest in _of_operators(manifests):
        wrong = copy.deepcopy(manifest)
        wrong["spec"]["instance"] = 3
        with pytest.raises(jsonschema_rs.ValidationError):
            schemas.validate(wrong)


def test_there_are_two_of_each_and_three_of_what_holds_data(manifests: list[Manifest]) -> None:
    grown = {each["spec"]["scaleTargetRef"]["name"]: each for each in _kind(manifests, "HorizontalPodAutoscaler")}
    for workload in _kind(manifests, "Deployment", "StatefulSet"):
        name = workload["metadata"]["name"]
        least = grown[name]["spec"]["minReplicas"] if name in grown else workload["spec"]["replicas"]
        assert least >= 2, name
    assert _one(manifests, "Cluster")["instances"] == _one(manifests, "KafkaNodePool")["replicas"] == 3
    assert _one(manifests, "Keycloak")["instances"] == 2


def test_topics_are_those_of_the_provisioning(manifests: list[Manifest]) -> None:
    topics = {each["metadata"]["name"]: each["spec"] for each in _kind(manifests, "KafkaTopic")}
    assert {name: {key: str(value) for key, value in each["config"].items()} for name, each in topics.items()} == (
        kafka.TOPICS
    )
    assert {(each["partitions"], each["replicas"]) for each in topics.values()} == {(kafka.PARTITIONS, 3)}


def test_users_and_their_rights_are_those_of_the_provisioning(
    manifests: list[Manifest], secrets: dict[str, Files]
) -> None:
    users = {each["metadata"]["name"]: each["spec"] for each in _kind(manifests, "KafkaUser")}
    rights = {name: _rights(each) for name, each in users.items() if "authorization" in each}
    assert rights == {name: {_told(right) for right in kafka.rights_of(name)} for name in kafka.RIGHTS}
    assert set(users) - set(rights) == {broker.ADMIN}
    assert _one(manifests, "Kafka")["kafka"]["authorization"]["superUsers"] == [broker.ADMIN]
    for user in users.values():
        source = user["authentication"]["password"]["valueFrom"]["secretKeyRef"]
        assert source["key"] in secrets[source["name"]]


def _rights(user: dict[str, Any]) -> set[tuple[str, str, bool, str]]:
    return {
        (
            (place := rule["resource"])["type"],
            place.get("name", "kafka-cluster"),
            place.get("patternType") == "prefix",
            each,
        )
        for rule in user["authorization"]["acls"]
        for each in rule["operations"]
    }


def _told(right: Right) -> tuple[str, str, bool, str]:
    kind, name, pattern, operation = right
    place = _joined(kind.name)
    prefixed = pattern is ACLResourcePatternType.PREFIXED
    return place[0].lower() + place[1:], name, prefixed, _joined(operation.name)


def _joined(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def test_the_rights_of_integrators_stay_with_notify(manifests: list[Manifest]) -> None:
    template = _one(manifests, "Kafka")["entityOperator"]["template"]
    (ignored,) = template["userOperatorContainer"]["env"]
    assert re.fullmatch(ignored["value"], "service-account-integrator-hefei")
    assert not any(re.fullmatch(ignored["value"], each["metadata"]["name"]) for each in _kind(manifests, "KafkaUser"))


def test_integrators_log_in_at_the_broker_as_elsewhere(manifests: list[Manifest]) -> None:
    told = pods.of_kind(manifests, "ConfigMap")["settings"]["data"]
    elsewhere = broker.Broker(
        bound=dict.fromkeys(("INTERNAL", "CONTROLLER", "EXTERNAL"), ""),
        advertised=dict.fromkeys(("INTERNAL", "CONTROLLER", "EXTERNAL"), ""),
        data="",
        issuer=told["ZP_ISSUER"],
        jwks=told["ZP_JWKS_URL"],
        password="",
    )
    prefix = "listener.name.external."
    wanted = [line.removeprefix(prefix) for line in elsewhere.properties.splitlines() if line.startswith(prefix)]
    spec = _one(manifests, "Kafka")["kafka"]
    (door,) = (each for each in spec["listeners"] if each["name"] == "external")
    assert {f"{name}={value}" for name, value in door["authentication"]["listenerConfig"].items()} == set(wanted)
    assert door["tls"]
    (allowed,) = spec["jvmOptions"]["javaSystemProperties"]
    assert allowed["value"] == told["ZP_JWKS_URL"]


def test_servers_are_set_up_as_elsewhere(manifests: list[Manifest]) -> None:
    parameters = _one(manifests, "Cluster")["postgresql"]["parameters"]
    assert {name: parameters[name] for name in ("timezone", "log_timezone", "wal_compression", "jit")} == {
        name: postgres.SETTINGS[name] for name in ("timezone", "log_timezone", "wal_compression", "jit")
    }
    keycloak = _one(manifests, "Keycloak")
    database, options = keycloak["db"], {f"--{each['name']}={each['value']}" for each in keycloak["additionalOptions"]}
    assert options | {f"--db={database['vendor']}", "--health-enabled=true"} == set(artifacts.KEYCLOAK_BUILD)
    assert database["url"].endswith(f"/keycloak?{PLANNED_ONCE}")


def test_pods_of_operators_carry_the_labels_of_the_network_policies(manifests: list[Manifest]) -> None:
    assert _one(manifests, "Cluster")["inheritedMetadata"]["labels"] == {"app": "postgres"}
    kafka_pods = _one(manifests, "Kafka")["kafka"]["template"]["pod"]["metadata"]["labels"]
    assert kafka_pods == {"app": "kafka", "to-keycloak": "yes"}
    services = pods.of_kind(manifests, "Service")
    assert services["kafka"]["spec"]["selector"] == {"app": "kafka"}
    assert services["keycloak"]["spec"]["selector"]["app"] == "keycloak"


def test_nobody_outside_reaches_more_than_the_gateway_s_tls(manifests: list[Manifest]) -> None:
    assert set(pods.open_to_all(manifests)) == {("gateway", 8443)}
    behind = {("gateway", server, 8000) for server in ("catalog-api", "progress-api", "notify-api", "portal")}
    assert set(pods.edges(manifests)) == behind | {("portal", "gateway", 8080)}
    (port,) = pods.of_kind(manifests, "Service")["public"]["spec"]["ports"]
    assert port["targetPort"] == 8443


def test_each_secret_that_is_named_comes_from_the_store(manifests: list[Manifest], secrets: dict[str, Files]) -> None:
    named = {
        volume["secret"]["secretName"]
        for template in pods.templates(manifests).values()
        for volume in template["spec"]["volumes"]
        if "secret" in volume
    }
    named |= set(re.findall(r"'(?:superuserSecret|secret|accessKeyId)': {'name': '([^']+)'", str(manifests)))
    named |= {_one(manifests, "Keycloak")["bootstrapAdmin"]["user"]["secret"]}
    stored = {each["metadata"]["name"] for each in _kind(manifests, "ExternalSecret")}
    assert named - _CERTIFICATES == stored
    assert stored - _BY_HAND <= set(secrets)
    assert {each["spec"]["secretName"] for each in _kind(manifests, "Certificate")} == _CERTIFICATES


def test_prometheus_labels_a_process_as_in_compose(manifests: list[Manifest]) -> None:
    (endpoint,) = _one(manifests, "PodMonitor")["podMetricsEndpoints"]
    (compose,) = yaml.safe_load((ROOT / "deploy/watching/prometheus.yaml").read_text())["scrape_configs"]
    for target in compose["static_configs"]:
        pod = target["targets"][0].partition(":")[0]
        labels: dict[str, str] = {}
        for rule in endpoint["relabelings"]:
            met = re.fullmatch(rule.get("regex", "(.*)"), pod if "sourceLabels" in rule else "")
            if met:
                labels[rule["targetLabel"]] = rule["replacement"].replace("$1", met.group(1) if met.groups() else "")
        assert labels == {"job": compose["job_name"], **target["labels"]}


def _kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    return [each for each in manifests if each["kind"] in kinds]


def _one(manifests: list[Manifest], kind: str) -> dict[str, Any]:
    (found,) = (each["spec"] for each in _kind(manifests, kind))
    return dict(found)
