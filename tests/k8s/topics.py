"""What is on the topics of the product on a cluster, read by a pod that is told what notify's worker is told."""

import json
from collections.abc import Sequence

from chassis.events import Event
from deploy.local.system import System
from tests.chaos.model import Line
from tests.k8s.cluster import kubectl
from tests.support import until

_SECONDS = 300
_NAME = "reader"
_READ = """
import asyncio, json, logging, sys
from chassis.inbox import replay
from notify.settings import NotifySettings

async def tell(event):
    print(json.dumps([[(name, value.decode()) for name, value in event.headers()], event.value().decode()]))

async def main():
    for topic in sys.argv[1:]:
        await replay(NotifySettings(), topic, tell)

logging.disable()
asyncio.run(main())
"""


async def published(_: System, worked_on: Sequence[Line]) -> list[Event]:
    """All events of the lines' jurisdictions, once nothing waits to be published."""
    until(_nothing_waits, seconds=_SECONDS)
    return _read(sorted({f"progress.{known.jurisdiction}" for known in worked_on}))


def _nothing_waits() -> bool:
    waiting = ("psql", "-h", "/var/run/postgresql", "-U", "postgres", "-Atc", "SELECT count(*) FROM outbox", "progress")
    return int(kubectl("exec", "postgres-0", "--", *waiting)) == 0


def _read(topics: Sequence[str]) -> list[Event]:
    template = json.loads(kubectl("get", "statefulset", "notify-worker", "-o", "json"))["spec"]["template"]
    (worker,) = template["spec"]["containers"]
    told = {name: worker[name] for name in ("name", "image", "env", "envFrom", "securityContext", "volumeMounts")}
    reader = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": _NAME, "labels": template["metadata"]["labels"] | {"app": _NAME}},
        "spec": template["spec"]
        | {"restartPolicy": "Never", "containers": [told | {"command": ["python", "-c", _READ, *topics]}]},
    }
    kubectl("create", "-f", "-", given=json.dumps(reader))
    try:
        kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", f"pod/{_NAME}", f"--timeout={_SECONDS}s")
        lines = kubectl("logs", _NAME).splitlines()
    finally:
        kubectl("delete", "pod", _NAME)
    return [
        Event.of([(name, value.encode()) for name, value in headers], value.encode())
        for headers, value in map(json.loads, lines)
    ]
