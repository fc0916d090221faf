"""Looking at the running system until it shows what is expected."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from deploy.local.system import System

T = TypeVar("T")
Publish = Callable[..., None]


def until(look: Callable[[], T], seconds: float = 20) -> T:
    """The first true value of ``look``; TimeoutError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come")
        time.sleep(0.1)
    return found


def entries(system: System, user: str, text: str, **filters: Any) -> list[dict[str, Any]]:
    """The newest 200 entries of a user that have the text in their body."""
    with system.client(user) as client:
        answer = client.get("/api/notify/v1/inbox", params={"limit": 200} | filters)
    assert answer.status_code == 200, answer.text
    return [entry for entry in answer.json()["items"] if text in entry["body"]]
