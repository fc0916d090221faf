"""What a task was in the editions of the catalog."""

from dataclasses import dataclass
from typing import Any

from portal.web.api import Api, Missing

API = "/api/catalog/v1"
MOST_QUESTIONS = 20


@dataclass(frozen=True)
class Content:
    """A task as it was from its edition on, until the edition ``until`` changed or withdrew it; None: it is so now."""

    task: dict[str, Any]
    until: int | None


async def contents(api: Api, code: str) -> list[Content]:
    """Everything that the task was, latest first: from each content to the edition before the one that brought it."""
    editions = (await api.get(f"{API}/editions", status="published", limit=200))["items"]
    numbers = [one["number"] for one in editions]
    found: list[Content] = []
    until, at = None, 0
    for _ in range(MOST_QUESTIONS):
        if at >= len(numbers):
            break
        try:
            task = await api.get(f"{API}/tasks/{code}", edition=numbers[at])
        except Missing:
            until, at = numbers[at], at + 1
            continue
        found.append(Content(task, until))
        until = task["edition"]
        at = numbers.index(until) + 1 if until in numbers else len(numbers)
    return found
