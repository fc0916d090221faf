"""What the fields of events mean, in Chinese and English: ``dictionary.yaml``."""

from pathlib import Path
from typing import Any

import yaml

MEANINGS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "dictionary.yaml").read_text("utf-8"))


def describe(model: str, fields: dict[str, Any]) -> None:
    """Puts its meaning into the schema of each of a model's fields. KeyError for one that the dictionary lacks."""
    for name, schema in fields.items():
        chinese, english = MEANINGS.get(f"{model}.{name}") or MEANINGS[name]
        schema["description"] = f"{chinese} {english}"
