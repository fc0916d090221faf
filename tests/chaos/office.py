"""A modest load: an office reports on its lines, the province decides, and what was acknowledged is written down."""

import random
import threading
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.system import System
from tests.chaos.model import Line
from tests.support import PROGRESS, lines

OFFICES = {
    "hefei.admin": {"jurisdiction": "hefei"},
    "wuhu.admin": {"jurisdiction": "wuhu"},
    "bengbu.admin": {"jurisdiction": "bengbu"},
    "dept.swt": {"jurisdiction": "province", "unit": "swt"},
}
LINES_EACH = 3
PAUSE = 0.3
PATIENCE = 180.0
"""While Keycloak starts again on a busy machine, nobody gets a new token."""


def untouched(system: System, user: str) -> list[Line]:
    """Lines of the office that nobody has reported on yet."""
    found = [
        shown
        for shown in lines(system, user, state="not_started", **OFFICES[user])
        if "report" in shown["actions"] and not shown["latest_report"]
    ]
    return [Line(shown["id"], user, shown["jurisdiction"], shown["version"]) for shown in found[:LINES_EACH]]


class Tokens(dict[str, str]):
    """Of demo users, made anew before they end; one at a time, since Keycloak refuses two logins of a user at once."""

    def __init__(self, system: System) -> None:
        super().__init__()
        self._system, self._lock = system, threading.Lock()

    def __getitem__(self, user: str) -> str:
        with self._lock:
            return self._system.token(user)


class Office:
    """Works on its lines, each of which nobody else touches, until ``stop`` is set."""

    def __init__(self, gateway: str, tokens: Mapping[str, str], user: str, lines: list[Line], seed: int) -> None:
        self._gateway, self._tokens, self.user, self.lines = gateway, tokens, user, lines
        self._random = random.Random(seed)
        self.acknowledged = 0

    def work(self, stop: threading.Event) -> None:
        with httpx.Client(base_url=self._gateway, timeout=15, trust_env=False) as client:
            while not stop.wait(PAUSE):
                line = self._random.choice(self.lines)
                self._report(client, line)
                if self._random.random() < 0.5:
                    self._decide(client, line)

    def _report(self, client: httpx.Client, line: Line) -> None:
        percent = self._random.randint(1, 99)
        answer = self._post(client, self.user, line, "reports", {"percent": percent, "done": f"完成 {percent}%"})
        line.reported(answer.json()["id"], percent, _version(answer))

    def _decide(self, client: httpx.Client, line: Line) -> None:
        what, status, body = self._random.choice(
            [("confirmation", "confirmed", {}), ("return", "returned", {"reason": "佐证材料不足"})]
        )
        path = f"reports/{line.reports[-1].id}/{what}"
        line.decided(status, _version(self._post(client, "province.admin", line, path, body)))

    def _post(self, client: httpx.Client, user: str, line: Line, path: str, body: dict[str, Any]) -> httpx.Response:
        """Until it is acknowledged: the same request with the same key whenever the system was away."""
        headers = {"If-Match": f'"{line.version}"', "Idempotency-Key": str(uuid4())}
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self._try(client, user, f"{PROGRESS}/lines/{line.id}/{path}", body, headers)
            if answer is not None and answer.status_code not in (502, 503, 504):
                assert answer.status_code == 201, f"{user} {path}: {answer.status_code} {answer.text}"
                self.acknowledged += 1
                return answer
            if time.monotonic() > deadline:
                raise TimeoutError(f"{user} {path} is not acknowledged")
            time.sleep(0.05)

    def _try(
        self, client: httpx.Client, user: str, url: str, body: dict[str, Any], headers: dict[str, str]
    ) -> httpx.Response | None:
        """None when the system is away, or who gives tokens."""
        try:
            authorized = headers | {"Authorization": f"Bearer {self._tokens[user]}"}
            return client.post(url, json=body, headers=authorized)
        except (httpx.TransportError, SystemExit):
            return None


def _version(answer: httpx.Response) -> int:
    return int(answer.headers["ETag"].strip('"'))
