"""As much of ``kustomize build`` as the overlays use; what they do not use is refused."""

import re
from pathlib import Path
from typing import Any

import jsonpatch
import yaml

Manifest = dict[str, Any]
_KEYS = {"apiVersion", "kind", "resources", "components", "namespace", "patches"}


def build(folder: Path) -> list[Manifest]:
    """The manifests of a kustomization, as they would be applied."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert set(told) <= _KEYS, f"{folder}: {set(told) - _KEYS}"
    manifests = [manifest for name in told["resources"] for manifest in _resources(folder / name)]
    for component in told.get("components", ()):
        manifests = with_component(manifests, folder / component)
    manifests = _patched(manifests, told)
    if namespace := told.get("namespace"):
        for manifest in manifests:
            if manifest["kind"] != "Namespace":
                manifest["metadata"]["namespace"] = namespace
    return manifests


def with_component(manifests: list[Manifest], folder: Path) -> list[Manifest]:
    """The manifests with what a component adds to them and changes in them."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert set(told) <= _KEYS, f"{folder}: {set(told) - _KEYS}"
    manifests = [*manifests, *(each for name in told.get("resources", ()) for each in _resources(folder / name))]
    for component in told.get("components", ()):
        manifests = with_component(manifests, folder / component)
    return _patched(manifests, told)


def _resources(path: Path) -> list[Manifest]:
    return build(path) if path.is_dir() else list(yaml.safe_load_all(path.read_text()))


def _patched(manifests: list[Manifest], kustomization: Manifest) -> list[Manifest]:
    for patch in kustomization.get("patches", ()):
        assert {"kind"} <= set(patch["target"]) <= {"kind", "name"}
        operations = jsonpatch.JsonPatch(yaml.safe_load(patch["patch"]))
        manifests = [operations.apply(each) if _is_meant(patch["target"], each) else each for each in manifests]
    return manifests


def _is_meant(target: Manifest, manifest: Manifest) -> bool:
    kind, name = manifest["kind"], manifest["metadata"]["name"]
    return bool(re.fullmatch(target["kind"], kind) and re.fullmatch(target.get("name", ".*"), name))
