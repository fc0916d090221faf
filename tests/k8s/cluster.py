"""The product on the cluster that ``KUBECONFIG`` names: brought up from nothing, and gone at the end."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from deploy.local import credentials
from deploy.local.instance import Instance
from deploy.local.system import System
from deploy.provision import secrets
from tests.k8s import certificates
from tests.k8s.usage import Peak, measured
from tests.support import client_of, until

_HERE = Path(__file__).parent
_VOLUMES = _HERE / "volumes.yaml"
_NAMESPACE, _FOLDERS = "zoneportal", "zoneportal-volumes"
_START_SECONDS, _KILL_SECONDS = 1200, 600
_GATEWAY = 8080
_FORWARD = 'while :; do "$@" >/dev/null 2>&1; sleep 0.2; done'
_UNITS = {"Mi": 2**20, "Gi": 2**30}


class Cluster:
    """``system`` is the product as the tests of the other launchers see theirs; ``seconds`` it took to come up, and
    ``peaks`` is what its containers have used at most.
    """

    def __init__(self, instance: Instance, seconds: float, peaks: Mapping[str, Peak]) -> None:
        self.system, self.seconds, self.peaks = System(instance), seconds, peaks

    @property
    def pods(self) -> list[dict[str, Any]]:
        """Those that run on, or should."""
        pods = json.loads(kubectl("get", "pods", "-o", "json"))["items"]
        return [pod for pod in pods if "batch.kubernetes.io/job-name" not in pod["metadata"]["labels"]]

    def processes(self, app: str) -> list[tuple[str, int]]:
        """The pods of a kind, and how often each began anew."""
        return [
            (pod["metadata"]["uid"], pod["status"]["containerStatuses"][0]["restartCount"])
            for pod in self.pods
            if pod["metadata"]["labels"]["app"] == app
        ]

    def kill(self, app: str) -> None:
        """Ends the pods of a kind at once, without a word to them."""
        kubectl("delete", "pod", "--selector", f"app={app}", "--grace-period=0", "--force")

    def wait_ready(self) -> None:
        """Until all pods are; connections to those that are gone are forgotten."""
        until(lambda: all(_is_ready(pod) for pod in self.pods), seconds=_KILL_SECONDS)
        client_of.cache_clear()
        until(lambda: _answers(self.system.endpoints["gateway"]), seconds=_KILL_SECONDS)

    def limits(self) -> dict[str, float]:
        """Of memory in bytes, by what ``peaks`` are by."""
        return {
            f"{pod['metadata']['labels']['app']}/{container['name']}": _bytes(
                container["resources"]["limits"]["memory"]
            )
            for pod in self.pods
            for container in pod["spec"]["containers"]
        }

    @property
    def usage(self) -> str:
        """A line for each container: what it has used at most, of what it may."""
        limits = self.limits()
        lines = []
        for name, peak in sorted(self.peaks.items()):
            limit = f" of {limits[name] / 2**20:.0f}" if name in limits else ""
            lines.append(f"{name}: {peak.memory / 2**20:.0f}{limit} Mi, {1000 * peak.cores:.0f} m")
        return "\n".join(lines)

    def images(self) -> dict[str, int]:
        """Name -> bytes of the product's images, as the nodes count them. One that was replaced has no name."""
        nodes = json.loads(kubectl("get", "nodes", "-o", "json"))["items"]
        return {
            name: image["sizeBytes"]
            for node in nodes
            for image in node["status"]["images"]
            for name in (image.get("names") or [])[-1:]
            if "zoneportal/" in name
        }


@contextmanager
def running(folder: Path, overlay: str) -> Iterator[Cluster]:
    """With one of the overlays beside this file. Refuses a cluster that has the product already."""
    kubectl("create", "namespace", _NAMESPACE, "--save-config")
    try:
        begun = time.monotonic()
        _volumes()
        instance = Instance(folder, Instance.here().cache_dir, {"gateway": _GATEWAY})
        instance.write("endpoints.json", {"gateway": f"http://localhost:{_GATEWAY}"})
        made = secrets.manifests(credentials.load(folder / "secrets.json"))
        kubectl("create", "-f", "-", given=made)
        renew_certificate(1)
        with measured(kubectl, _NAMESPACE) as peaks:
            apply(overlay)
            with forwarding("gateway", str(_GATEWAY)):
                until(lambda: _answers(instance.gateway), seconds=_START_SECONDS)
                yield Cluster(instance, time.monotonic() - begun, peaks)
    finally:
        _remove()


def lose() -> None:
    """All that the cluster has of the product is gone, but the backups and the secrets, which somebody kept."""
    kept = json.loads(kubectl("get", "secrets", "-o", "json"))
    _remove()
    kubectl("create", "namespace", _NAMESPACE, "--save-config")
    _volumes()
    for each in kept["items"]:
        each["metadata"] = {"name": each["metadata"]["name"]}
    kubectl("create", "-f", "-", given=json.dumps(kept))


def apply(overlay: str) -> None:
    """One of the overlays beside this file, until its jobs are done."""
    kubectl("apply", "-k", str(_HERE / overlay))
    wait_for_jobs("--all")


def wait_for_jobs(*jobs: str) -> None:
    kubectl("wait", "--for=condition=complete", "job", *jobs, f"--timeout={_START_SECONDS}s")


def _remove() -> None:
    kubectl("delete", "namespace", _NAMESPACE)
    kubectl("delete", "--ignore-not-found", "-f", str(_VOLUMES), namespace=_FOLDERS)


def kubectl(*command: str, given: str | None = None, namespace: str = _NAMESPACE) -> str:
    run = ["kubectl", "--namespace", namespace, *command]
    return subprocess.run(run, input=given, text=True, check=True, stdout=subprocess.PIPE).stdout


def renew_certificate(serial: int) -> None:
    """As cert-manager does: another content of the same Secret."""
    issued = certificates.issue(serial)
    told = {"tls.crt": issued.chain.decode(), "tls.key": issued.key.decode()}
    secret = {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "stringData": told}
    kubectl("apply", "-f", "-", given=json.dumps(secret | {"metadata": {"name": "gateway-certificate"}}))


def _volumes() -> None:
    """Where the cluster has no storage class of its own."""
    if not json.loads(kubectl("get", "storageclass", "-o", "json"))["items"]:
        kubectl("apply", "-f", str(_VOLUMES), namespace=_FOLDERS)
        kubectl("wait", "--for=condition=complete", "job", "--all", "--timeout=60s", namespace=_FOLDERS)


@contextmanager
def forwarding(service: str, ports: str) -> Iterator[None]:
    """To a service from here, as ``kubectl port-forward`` understands ``ports``. It ends with the pod that it leads to;
    another is begun then.
    """
    forward = ["kubectl", "--namespace", _NAMESPACE, "port-forward", f"service/{service}", ports]
    process = subprocess.Popen(["/bin/sh", "-c", _FORWARD, "forward", *forward], start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(gateway: str) -> bool:
    try:
        return httpx.get(gateway, trust_env=False, follow_redirects=True).is_success
    except httpx.TransportError:
        return False


def _is_ready(pod: dict[str, Any]) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", ()))


def _bytes(quantity: str) -> float:
    return float(quantity[:-2]) * _UNITS[quantity[-2:]]
