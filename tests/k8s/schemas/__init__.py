"""The fields of operators' resources that the manifests use (``fields.yaml``), as schemas."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

_FIELDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text())
GROUPS = {name.partition("/")[0] for name in _FIELDS}


def validate(manifest: dict[str, Any]) -> None:
    """ValidationError when a resource is not as its operator says, or has what the operator does not know."""
    used = _FIELDS[f"{manifest['apiVersion']} {manifest['kind']}"]
    schema = _shape({"apiVersion!": "string", "kind!": "string", "metadata!": "anything", "spec!": used})
    jsonschema_rs.validate(schema, manifest)


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
