"""Questions to manifests: the pods that they make, and who may talk with whom."""

from collections.abc import Iterator
from typing import Any

from deploy.provision.secrets import Files
from tests.k8s.kustomize import Manifest

WORKLOADS = ("Deployment", "StatefulSet")
_Peers = list[dict[str, Any]] | None


def of_kind(manifests: list[Manifest], *kinds: str) -> dict[str, Manifest]:
    """The manifests of these kinds, by name."""
    return {each["metadata"]["name"]: each for each in manifests if each["kind"] in kinds}


def templates(manifests: list[Manifest]) -> dict[str, Manifest]:
    """The templates of all pods, by the workload's name."""
    found = {name: each["spec"] for name, each in of_kind(manifests, *WORKLOADS, "Job", "CronJob").items()}
    return {name: spec.get("jobTemplate", {"spec": spec})["spec"]["template"] for name, spec in found.items()}


def containers(template: Manifest) -> list[dict[str, Any]]:
    spec = template["spec"]
    return [*spec.get("initContainers", ()), *spec["containers"]]


def settings(
    template: Manifest, container: dict[str, Any], manifests: list[Manifest], secrets: dict[str, Files]
) -> set[str]:
    """The names that a container finds in its environment and among its secrets."""
    maps = of_kind(manifests, "ConfigMap")
    names = {name for source in container.get("envFrom", ()) for name in maps[source["configMapRef"]["name"]]["data"]}
    names |= {variable["name"] for variable in container.get("env", ())}
    mounted = {mount["name"] for mount in container.get("volumeMounts", ())}
    for volume in template["spec"].get("volumes", ()):
        if "secret" in volume and volume["name"] in mounted:
            names |= set(secrets[volume["secret"]["secretName"]])
    return names


def matches(selector: Manifest, template: Manifest) -> bool:
    """Whether a label selector means the pods of a template."""
    labels = template["metadata"]["labels"]
    expressions = selector.get("matchExpressions", ())
    assert all(each["operator"] == "In" for each in expressions)
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items()) and all(
        labels.get(each["key"]) in each["values"] for each in expressions
    )


def edges(manifests: list[Manifest]) -> Iterator[tuple[str, str, int]]:
    """(client, server, port) wherever both sides' network policies let the client's pods reach the server's."""
    pods = templates(manifests)
    for client, sender in pods.items():
        for server, receiver in pods.items():
            out = set(_ports(manifests, "egress", "to", sender, receiver))
            yield from (
                (client, server, port) for port in out & set(_ports(manifests, "ingress", "from", receiver, sender))
            )


def open_to_all(manifests: list[Manifest]) -> Iterator[tuple[str, int]]:
    """(server, port) that anybody may reach, from outside the cluster too."""
    for name, template in templates(manifests).items():
        for rule in _rules(manifests, "ingress", template):
            if "from" not in rule:
                yield from ((name, port["port"]) for port in rule["ports"])


def _rules(manifests: list[Manifest], way: str, template: Manifest) -> Iterator[dict[str, Any]]:
    for policy in of_kind(manifests, "NetworkPolicy").values():
        if matches(policy["spec"]["podSelector"], template):
            yield from policy["spec"].get(way, ())


def _ports(manifests: list[Manifest], way: str, peer: str, own: Manifest, other: Manifest) -> Iterator[int]:
    for rule in _rules(manifests, way, own):
        pods = [each["podSelector"] for each in rule.get(peer, ()) if each.keys() == {"podSelector"}]
        if any(matches(each, other) for each in pods):
            yield from (port["port"] for port in rule["ports"])
