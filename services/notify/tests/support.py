"""Looking at the running system until it shows what is expected."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from deploy.local.system import System

T = TypeVar("T")
Publish = Callable[..., None]
FEED = "/api/notify/v1/events"


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


def _page(system: System, **asked: Any) -> dict[str, Any]:
    with system.client("integrator-hefei") as client:
        answer = client.get(FEED, params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fed(system: System, after: str, limit: int = 200) -> Iterator[dict[str, Any]]:
    """All events of the feed after a cursor, over as many pages as there are."""
    more = True
    while more:
        found = _page(system, after=after, limit=limit)
        yield from found["items"]
        after, more = found["next"], found["more"]


def end_of_feed(system: System) -> str:
    """The cursor after all that is there."""
    found = _page(system, limit=200)
    while found["more"]:
        found = _page(system, after=found["next"], limit=200)
    return str(found["next"])
