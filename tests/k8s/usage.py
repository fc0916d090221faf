"""What the containers on a cluster use at most, as the node's kubelet sees them."""

import json
import subprocess
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

_SECONDS = 5.0
_REFUSALS = 12
"""So many looks may fail one after the other: a busy cluster, a pod that has just gone."""
_BEFORE_ANEW = 2**62
"""As much is told of a container that began anew and has used less than the one before."""
Ask = Callable[..., str]


@dataclass
class Peak:
    """``memory`` is the largest working set in bytes, ``cores`` the most of a processor over some seconds."""

    memory: float = 0
    cores: float = 0


@contextmanager
def measured(kubectl: Ask, namespace: str) -> Iterator[dict[str, Peak]]:
    """The peaks by the pods' label ``app`` and the container, as ``portal/api``; they grow until the end, which raises
    when nobody could look any more.
    """
    peaks: dict[str, Peak] = defaultdict(Peak)
    stop = threading.Event()

    def look() -> None:
        refused = 0
        while not stop.wait(_SECONDS):
            try:
                used = [*_used(kubectl, namespace)]
            except subprocess.CalledProcessError:
                refused += 1
                if refused > _REFUSALS:
                    raise
                continue
            refused = 0
            for name, peak in used:
                seen = peaks[name]
                seen.memory, seen.cores = max(seen.memory, peak.memory), max(seen.cores, peak.cores)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield peaks
        finally:
            stop.set()
    looking.result()


def _used(kubectl: Ask, namespace: str) -> Iterator[tuple[str, Peak]]:
    pods = json.loads(kubectl("get", "pods", "-o", "json"))["items"]
    apps = {pod["metadata"]["name"]: pod["metadata"]["labels"]["app"] for pod in pods}
    for node in {pod["spec"]["nodeName"] for pod in pods if "nodeName" in pod["spec"]}:
        for pod in json.loads(kubectl("get", "--raw", f"/api/v1/nodes/{node}/proxy/stats/summary"))["pods"]:
            name = pod["podRef"]["name"]
            if pod["podRef"]["namespace"] == namespace and name in apps:
                for each in pod.get("containers", ()):
                    memory, cores = each.get("memory", {}), each.get("cpu", {})
                    nano = cores.get("usageNanoCores", 0)
                    peak = Peak(memory.get("workingSetBytes", 0), nano / 1e9 if nano < _BEFORE_ANEW else 0)
                    yield f"{apps[name]}/{each['name']}", peak
