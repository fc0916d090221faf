"""What the portal's pages read of the services' answers, down to the last field: ``portal/*.yaml``.

Noted while pages were shown; a test says which field is missing here. By operation, the fields of each object of the
answer by where it stands: ``items[].task`` is the task of each of the items, and ``.`` the answer itself.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from contracts.schemas import Json

Readings = Mapping[str, Mapping[str, list[str]]]
CONSUMER = "portal"


def readings() -> Readings:
    """What the files say."""
    files = sorted((Path(__file__).parent / CONSUMER).glob("*.yaml"))
    return {name: read for file in files for name, read in yaml.safe_load(file.read_text("utf-8")).items()}


def shape(places: Mapping[str, list[str]]) -> Any:
    """An answer with the fields that are read, and nothing in them."""
    whole: dict[str, Any] = {}
    for place, names in sorted(places.items()):
        _at(whole, place).update(dict.fromkeys(names))
    return whole


def _at(whole: dict[str, Any], place: str) -> dict[str, Any]:
    """The object that stands there."""
    for step in place.split(".") if place != "." else ():
        name = step.rstrip("[]")
        below: Any = whole.get(name)
        if below is None:
            below = {}
            for _ in range(step.count("[]")):
                below = [below]
            whole[name] = below
        while isinstance(below, list):
            (below,) = below
        whole = below
    return whole


def as_pacts(known: Readings, contract: Mapping[str, Json]) -> list[Json]:
    """As the pacts have it, one for each operation."""
    return [
        {"consumer": {"name": CONSUMER}, "provider": {"name": service}, "interactions": [interaction]}
        for operation, places in known.items()
        for method, path in [operation.split()]
        for service in [path.split("/")[2]]
        for interaction in [
            {
                "request": {"method": method, "path": path},
                "response": {
                    "status": _status(contract[f"openapi/{service}.json"], method, path),
                    "body": {"contentType": "application/json", "content": shape(places)},
                },
            }
        ]
    ]


def _status(document: Json, method: str, path: str) -> str:
    responses = document["paths"].get(path, {}).get(method.lower(), {}).get("responses", {})
    return next((status for status in responses if status.startswith("2")), "200")


def unanswered(read: Any, answer: Any, path: str) -> Iterator[str]:
    """The fields of a shape that objects of an answer do not have."""
    if isinstance(read, Mapping) and isinstance(answer, Mapping):
        for name, below in read.items():
            if name in answer:
                yield from unanswered(below, answer[name], f"{path}.{name}")
            else:
                yield f"{path}.{name}"
    elif isinstance(read, list) and isinstance(answer, list):
        for each in answer:
            yield from unanswered(read[0], each, f"{path}[]")
