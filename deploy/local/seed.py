"""``notice`` brings the notice into an empty catalog, as the province does; ``lines`` waits until its lines are open.

Both go through the gateway. ``ZP_GATEWAY_URL`` and ``ZP_DEMO_PASSWORD`` come from the environment.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx

from deploy.local.instance import ROOT
from deploy.local.tokens import access_token
from deploy.provision.settings import SeedSettings

_NOTICE = ROOT / "data" / "notice.txt"
_CATALOG, _PROGRESS = "/api/catalog/v1", "/api/progress/v1"
_LINES_SECONDS = 120


def main(what: str) -> None:
    settings = SeedSettings()
    gateway = settings.gateway_url
    token = access_token(gateway, "province.admin", settings.demo_password)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=gateway, headers=headers, timeout=60, trust_env=False) as client:
        if what == "notice":
            _publish(client)
        else:
            _wait_for_lines(client)


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
) -> httpx.Response:
    answer = client.request(method, path, headers=headers, files=files)
    if answer.is_error:
        raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
    return answer


if __name__ == "__main__":
    main(sys.argv[1])
