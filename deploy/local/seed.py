"""``notice`` brings the notice into an empty catalog, as the province does; ``lines`` waits until its lines are open;
``integrators`` registers the demo's, as the security administrator does, and waits until they may read.

All go through the gateway. ``ZP_GATEWAY_URL`` and ``ZP_DEMO_PASSWORD`` come from the environment.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx

from deploy.local.credentials import DEMO_INTEGRATORS
from deploy.local.instance import ROOT
from deploy.local.tokens import access_token
from deploy.provision.settings import SeedSettings

_NOTICE = ROOT / "data" / "notice.txt"
_CATALOG, _PROGRESS, _NOTIFY = "/api/catalog/v1", "/api/progress/v1", "/api/notify/v1"
_LINES_SECONDS, _GRANTS_SECONDS = 120, 120
_USERS = {"notice": "province.admin", "lines": "province.admin", "integrators": "security.demo"}


def main(what: str) -> None:
    settings = SeedSettings()
    gateway = settings.gateway_url
    token = access_token(gateway, _USERS[what], settings.demo_password)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=gateway, headers=headers, timeout=60, trust_env=False) as client:
        match what:
            case "notice":
                _publish(client)
            case "lines":
                _wait_for_lines(client)
            case "integrators":
                _register(client)


def _publish(client: httpx.Client) -> None:
    """Uploads, confirms and publishes ``data/notice.txt``, unless an edition is published already."""
    if _call(client, "GET", f"{_CATALOG}/editions?status=published&limit=1").json()["items"]:
        return
    files = {"file": (_NOTICE.name, _NOTICE.read_bytes(), "text/plain")}
    imported = _call(client, "POST", f"{_CATALOG}/imports", files=files).json()["id"]
    edition = _call(client, "POST", f"{_CATALOG}/imports/{imported}/confirmation").json()["edition"]
    path = f"{_CATALOG}/editions/{edition['id']}"
    _call(client, "POST", f"{path}/publication", {"If-Match": _call(client, "GET", path).headers["ETag"]})


def _wait_for_lines(client: httpx.Client) -> None:
    """All lines of a task open at once: when each task has one, none is missing. SystemExit when it takes too long."""
    tasks = {task["code"] for task in _all(client, f"{_CATALOG}/tasks")}
    deadline = time.monotonic() + _LINES_SECONDS
    while tasks - {line["task"]["code"] for line in _all(client, f"{_PROGRESS}/lines")}:
        if time.monotonic() > deadline:
            raise SystemExit(f"no lines of all {len(tasks)} tasks after {_LINES_SECONDS} s")
        time.sleep(0.2)


def _register(client: httpx.Client) -> None:
    """What is registered already stays as it is. SystemExit when Keycloak or Kafka do not follow."""
    known = {integrator["client"] for integrator in _all(client, f"{_NOTIFY}/integrators")}
    deadline = time.monotonic() + _GRANTS_SECONDS
    for name, tenants in DEMO_INTEGRATORS.items():
        if name not in known:
            given = {"client": name, "name": "合肥市数据平台（演示）", "contact": "data@zoneportal.internal"}
            _grant(client, given | {"tenants": tenants}, deadline)
    while behind := [
        step
        for integrator in _all(client, f"{_NOTIFY}/integrators")
        for step in integrator["steps"]
        if step["state"] != "in_step"
    ]:
        if time.monotonic() > deadline:
            raise SystemExit(f"integrators are not in step after {_GRANTS_SECONDS} s: {behind}")
        time.sleep(0.2)


def _grant(client: httpx.Client, given: dict[str, Any], deadline: float) -> None:
    """Until notify has heard of the zones it refuses them."""
    path = f"{_NOTIFY}/integrators"
    while client.post(path, json=given).status_code == 422 and time.monotonic() < deadline:
        time.sleep(0.2)
    _call(client, "GET", f"{path}/{given['client']}")


def _all(client: httpx.Client, path: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        page = _call(client, "GET", f"{path}?limit=200" + (f"&cursor={cursor}" if cursor else "")).json()
        yield from page["items"]
        cursor = page["next"]


def _call(
    client: httpx.Client,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    files: dict[str, tuple[str, bytes, str]] | None = None,
    json: dict[str, Any] | None = None,
) -> httpx.Response:
    answer = client.request(method, path, headers=headers, files=files, json=json)
    if answer.is_error:
        raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer


if __name__ == "__main__":
    main(sys.argv[1])
