"""Holds the production's manifests to operators' own definitions: ``python -m tests.k8s.schemas <crd.yaml>...``, the
files of their releases.
"""

import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from tests.k8s import production


def main(files: list[str]) -> None:
    known = _read(files)
    for manifest in production.everything():
        if schema := known.get((manifest["apiVersion"], manifest["kind"])):
            jsonschema_rs.validate(schema, manifest)
            print(f"{manifest['kind']} {manifest['metadata']['name']}: as {manifest['apiVersion']} says")


def _read(files: list[str]) -> dict[tuple[str, str], Any]:
    known = {}
    for spec in (yaml.safe_load(Path(file).read_text())["spec"] for file in files):
        for version in spec["versions"]:
            schema = _closed(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            known[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return known


def _closed(schema: Any) -> Any:
    """The schema, which knows no other fields than those it names."""
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


if __name__ == "__main__":
    main(sys.argv[1:])
