"""``python -m tests.contract.recording RUN_FOLDER``: takes examples of events from the topics of a running system.

Of types that have two already nothing is taken: delete ``contracts/examples/<type>.json`` to have them taken anew.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema_rs

from contracts.channels import TYPES, schema
from contracts.dictionary import EXAMPLES, examples
from deploy.local.instance import Instance
from deploy.local.system import System
from tests.topics import attributes, read, reader

Json = dict[str, Any]
WANTED = 2


def told(system: System) -> dict[str, list[Json]]:
    """The data of all events by type, in the order of their topics."""
    found: dict[str, list[Json]] = defaultdict(list)
    with reader(system) as consumer:
        for record in read(consumer, ""):
            if type_ := attributes(record).get("ce_type"):
                found[type_].append(json.loads(record.value))
    return found


def validator(type_: str) -> jsonschema_rs.Validator:
    """Tests tell consumers of what never happened: that is no example."""
    return jsonschema_rs.Draft202012Validator(schema(TYPES[type_]), validate_formats=True)


def chosen(events: list[Json]) -> list[Json]:
    """The first, and the one that differs from it in most fields, if there are two."""
    first, *others = events
    return [first, *sorted(others, key=lambda other: -differences(first, other))[: WANTED - 1]]


def differences(one: Any, other: Any) -> int:
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(differences(value, other.get(name)) for name, value in one.items())
    return int(one != other)


def main(folder: str) -> None:
    for type_, events in told(System(Instance.at(Path(folder).resolve()))).items():
        known = examples(type_)
        good = [*known, *filter(validator(type_).is_valid, events)] if type_ in TYPES else []
        if good and len(known) < WANTED:
            text = json.dumps(chosen(good), ensure_ascii=False, indent=2)
            (EXAMPLES / f"{type_}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
