"""``python -m tests.k8s.schemas <crd.yaml>...`` keeps the schemas of operators' resources, without descriptions."""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.k8s.schemas import FOLDER, path_of


def main(files: list[str]) -> None:
    for file in files:
        spec = yaml.safe_load(Path(file).read_text())["spec"]
        for version in spec["versions"]:
            target = path_of(f"{spec['group']}/{version['name']}", spec["names"]["kind"])
            schema = _undescribed(version["schema"]["openAPIV3Schema"])
            (FOLDER / target).write_text(json.dumps(schema, separators=(",", ":"), sort_keys=True) + "\n")


def _undescribed(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: _undescribed(each)
            for name, each in schema.items()
            if not (name == "description" and isinstance(each, str))
        }
    return [_undescribed(each) for each in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    main(sys.argv[1:])
