"""JSON Schemas as OpenAPI documents and events have them."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def kinds(document: Json, schema: Json) -> dict[str, Json]:
    """The JSON types that a schema allows, each with what it says of that type; ``any`` when it names none."""
    while "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    if "anyOf" in schema:
        return {kind: part for variant in schema["anyOf"] for kind, part in kinds(document, variant).items()}
    if "const" in schema:
        schema = {"type": "string", "enum": [schema["const"]], **schema}
    named = schema.get("type", "any")
    return dict.fromkeys([named] if isinstance(named, str) else named, schema)
