"""The whole schemas of operators' resources, from the files of their releases.

``python -m tests.k8s.schemas keep <crd.yaml>...`` keeps them beside this file, without descriptions;
``python -m tests.k8s.schemas check <crd.yaml>...`` holds the production's manifests to them.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from tests.k8s import production
from tests.k8s.schemas import FOLDER, path_of, validate


def main(what: str, files: list[str]) -> None:
    if what == "keep":
        _write(files, FOLDER)
        return
    with tempfile.TemporaryDirectory() as name:
        known = _write(files, Path(name))
        for manifest in production.everything():
            if (target := path_of(manifest["apiVersion"], manifest["kind"])) in known:
                validate(manifest, Path(name))
                print(f"{manifest['kind']} {manifest['metadata']['name']}: as {target} says")


def _write(files: list[str], folder: Path) -> set[str]:
    written = set()
    for file in files:
        spec = yaml.safe_load(Path(file).read_text())["spec"]
        for version in spec["versions"]:
            target = path_of(f"{spec['group']}/{version['name']}", spec["names"]["kind"])
            schema = _undescribed(version["schema"]["openAPIV3Schema"])
            (folder / target).write_text(json.dumps(schema, separators=(",", ":"), sort_keys=True) + "\n")
            written.add(target)
    return written


def _undescribed(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: _undescribed(each)
            for name, each in schema.items()
            if not (name == "description" and isinstance(each, str))
        }
    return [_undescribed(each) for each in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
