"""As much of ``kustomize build`` as the overlays use; what they do not use is refused."""

import re
from pathlib import Path
from typing import Any

import jsonpatch
import yaml

Manifest = dict[str, Any]
_KEYS = {"apiVersion", "kind", "resources", "components", "namespace", "patches", "replacements"}
_STEP = re.compile(r"\[([^]]+)\]|([^.]+)")


def build(folder: Path) -> list[Manifest]:
    """The manifests of a kustomization, as they would be applied."""
    told = yaml.safe_load((folder / "kustomization.yaml").read_text())
    assert set(told) <= _KEYS, f"{folder}: {set(told) - _KEYS}"
    manifests = [manifest for name in told["resources"] for manifest in _resources(folder / name)]
    for component in told.get("components", ()):
        manifests = with_component(manifests, folder / component)
    manifests = _patched(manifests, told)
    for listed in told.get("replacements", ()):
        _replace(manifests, yaml.safe_load((folder / listed["path"]).read_text()))
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


def _replace(manifests: list[Manifest], replacements: list[Manifest]) -> None:
    """Carries a field's value to others; each has to be there already."""
    for told in replacements:
        source = told["source"]
        (value,) = (_place(each, source["fieldPath"]) for each in manifests if _is_meant(source, each))
        for target in told["targets"]:
            (found,) = (each for each in manifests if _is_meant(target["select"], each))
            for path in target["fieldPaths"]:
                holder, step = _place(found, path)
                assert type(holder[step]) is type(value[0][value[1]]), path
                holder[step] = value[0][value[1]]


def _place(manifest: Manifest, path: str) -> tuple[Any, Any]:
    """What holds the field, and the field's name in it or its place."""
    *steps, last = (named or plain for named, plain in _STEP.findall(path))
    place: Any = manifest
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    return place, int(last) if isinstance(place, list) else last


def _is_meant(target: Manifest, manifest: Manifest) -> bool:
    kind, name = manifest["kind"], manifest["metadata"]["name"]
    return bool(re.fullmatch(target["kind"], kind) and re.fullmatch(target.get("name", ".*"), name))
