"""The schemas of operators' resources, from their releases."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

FOLDER = Path(__file__).parent
GROUPS = {file.name.partition("_")[0] for file in FOLDER.glob("*.json")}


def path_of(version: str, kind: str) -> str:
    return f"{version.replace('/', '_')}_{kind}.json"


def validate(manifest: dict[str, Any]) -> None:
    """ValidationError when a resource is not as its operator says, or has what the operator does not know."""
    file = FOLDER / path_of(manifest["apiVersion"], manifest["kind"])
    schema = _closed(json.loads(file.read_text()))
    schema["properties"]["metadata"] = {"type": "object"}
    jsonschema_rs.validate(schema, manifest)


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(each) for name, each in schema.items()}
    open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object" and not open_:
        closed["additionalProperties"] = False
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    return closed
