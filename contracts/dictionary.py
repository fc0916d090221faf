"""What the fields of events mean (``dictionary.yaml``), and events as a system published them (``examples/``)."""

import json
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
EXAMPLES = FOLDER / "examples"
MEANINGS: dict[str, list[str]] = yaml.safe_load((FOLDER / "dictionary.yaml").read_text("utf-8"))


def examples(type_: str) -> list[dict[str, Any]]:
    """The data of events of a type that a system published; none for a type of which there are none yet."""
    file = EXAMPLES / f"{type_}.json"
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return found


def describe(model: str, fields: dict[str, Any]) -> None:
    """Puts its meaning into the schema of each of a model's fields. KeyError for one that the dictionary lacks."""
    for name, schema in fields.items():
        chinese, english = MEANINGS.get(f"{model}.{name}") or MEANINGS[name]
        schema["description"] = f"{chinese} {english}"
