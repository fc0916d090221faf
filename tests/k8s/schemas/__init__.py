"""The schemas of operators' resources: whole ones beside this file, or the fields that are used (``fields.yaml``)."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

FOLDER = Path(__file__).parent
_FIELDS: dict[str, Any] = yaml.safe_load((FOLDER / "fields.yaml").read_text())
GROUPS = {file.name.partition("_")[0] for file in FOLDER.glob("*.json")} | {name.partition("/")[0] for name in _FIELDS}


def path_of(version: str, kind: str) -> str:
    return f"{version.replace('/', '_')}_{kind}.json"


def validate(manifest: dict[str, Any], folder: Path = FOLDER) -> None:
    """ValidationError when a resource is not as its operator says, or has what the operator does not know."""
    file = folder / path_of(manifest["apiVersion"], manifest["kind"])
    schema = _closed(json.loads(file.read_text())) if file.exists() else _of_fields(manifest)
    schema["properties"]["metadata"] = {"type": "object"}
    jsonschema_rs.validate(schema, manifest)


def _of_fields(manifest: dict[str, Any]) -> dict[str, Any]:
    used = _FIELDS[f"{manifest['apiVersion']} {manifest['kind']}"]
    return _shape({"apiVersion!": "string", "kind!": "string", "metadata!": "anything", "spec!": used})


def _shape(used: Any) -> dict[str, Any]:
    if isinstance(used, list):
        (each,) = used
        return {"type": "array", "items": _shape(each)}
    if isinstance(used, str):
        if "|" in used:
            return {"enum": [choice for choice in used.split("|") if choice]}
        return {} if used == "anything" else {"type": used}
    if "*" in used:
        return {"type": "object", "additionalProperties": _shape(used["*"])}
    return {
        "type": "object",
        "properties": {name.removesuffix("!"): _shape(each) for name, each in used.items()},
        "required": [name.removesuffix("!") for name in used if name.endswith("!")],
        "additionalProperties": False,
    }


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
