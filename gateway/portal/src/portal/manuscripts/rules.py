"""A plan's tasks between the form and the API. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from portal.web.numbers import whole

Json = Mapping[str, Any]
FIELDS = ("number", "title", "text", "responsibilities", "due", "code")
EMPTY_ROWS = 3


def blank(number: int) -> dict[str, Any]:
    """A new task."""
    return {"number": number, "title": "", "text": "", "responsibilities": [], "due": None, "code": None}


def proposed(number: int, decision: Json) -> dict[str, Any]:
    """A new task as a meeting decided it; a zone's office is no unit, its city is chosen by hand."""
    lead = [{"unit": decision["office_name"], "role": "lead"}] if decision["office"].startswith("unit:") else []
    said = {"title": decision["task_title"] or "", "text": decision["text"], "due": decision["due"]}
    return blank(number) | said | {"responsibilities": lead}


def rows(task: Json) -> list[Json]:
    """The units of a task with empty rows for more; the first unit of all leads."""
    empty = [{"unit": "", "role": "member"}] * EMPTY_ROWS
    return [*task["responsibilities"], *empty] if task["responsibilities"] else [{"unit": "", "role": "lead"}, *empty]


def filled(field: Callable[[str], str], units: Iterable[str], roles: Iterable[str]) -> dict[str, Any]:
    """A task as the form gives it."""
    return {
        "number": whole(field("number")),
        "title": field("title"),
        "text": field("text").replace("\r\n", "\n"),
        "responsibilities": [{"unit": unit, "role": role} for unit, role in zip(units, roles, strict=False) if unit],
        "due": field("due") or None,
        "code": field("code") or None,
    }


def with_task(tasks: Sequence[Json], was: int | None, task: Json) -> list[Json]:
    """The tasks with this one in the place of the one numbered ``was``, or added."""
    return [*(one for one in tasks if one["number"] != was), task]


def without(tasks: Sequence[Json], number: int) -> list[Json]:
    return [task for task in tasks if task["number"] != number]


def moved(tasks: Sequence[Json], number: int, step: int) -> list[Json]:
    """The task changes its number with the one before (-1) or after it (1), if there is one."""
    place = next((place for place, task in enumerate(tasks) if task["number"] == number), None)
    if place is None or not 0 <= place + step < len(tasks):
        return list(tasks)
    one, other = tasks[place], tasks[place + step]
    swapped = {one["number"]: {**one, "number": other["number"]}, other["number"]: {**other, "number": one["number"]}}
    return [swapped.get(task["number"], task) for task in tasks]


def sent(tasks: Iterable[Json]) -> list[dict[str, Any]]:
    """As the API takes them."""
    return [{name: task[name] for name in FIELDS} for task in tasks]
