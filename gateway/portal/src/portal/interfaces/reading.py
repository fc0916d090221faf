"""What the pages show of OpenAPI, AsyncAPI and JSON Schema documents."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from chassis.auth import Caller, Role

Json = Mapping[str, Any]
MOST_LEVELS = 6


@dataclass(frozen=True)
class Field:
    """A field of a schema; ``path`` leads to it, as in ``line.units[].code``."""

    path: str
    type: str
    required: bool
    description: str


class Events:
    """The events as ``asyncapi.yaml`` and ``events/`` describe them; ``folder`` is ``contracts/``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def document(self) -> Json:
        document: Json = yaml.safe_load((self._folder / "asyncapi.yaml").read_text("utf-8"))
        return document

    @cached_property
    def schemas(self) -> Mapping[str, Json]:
        """The schema of each type's data, by its name."""
        files = sorted((self._folder / "events").glob("*.json"))
        return {file.stem: json.loads(file.read_text("utf-8")) for file in files}


@dataclass(frozen=True)
class Operation:
    """An operation of a service: ``described`` is what its OpenAPI ``document`` says of it."""

    document: Json
    path: str
    method: str
    described: Json

    @property
    def id(self) -> str:
        return str(self.described["operationId"])

    @property
    def parameters(self) -> list[Json]:
        return [parameter for parameter in self.described.get("parameters", ()) if parameter["in"] != "cookie"]

    @property
    def body(self) -> Json | None:
        """The schema of its JSON body."""
        content = self.described.get("requestBody", {}).get("content", {})
        schema: Json | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def answers(self) -> Iterator[tuple[str, str, list[Field]]]:
        """Status, meaning and fields of each answer but the refusals."""
        for status, answer in self.described["responses"].items():
            if status < "4":
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                yield status, answer["description"], fields(self.document, schema)

    @property
    def can_be_tried(self) -> bool:
        """Not what takes files, or answers for as long as somebody listens."""
        files = "requestBody" in self.described and self.body is None
        return not files and "text/event-stream" not in str(self.described["responses"])

    def is_for(self, caller: Caller) -> bool:
        """Whether it is for one of the caller's roles, or for everybody."""
        return caller.roles.intersection(self.described.get("x-roles", Role)) != frozenset()

    def address(self, given: Mapping[str, str]) -> str:
        """Its path with values for the parameters in it."""
        path = self.path
        for parameter in self.parameters:
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(given.get(parameter["name"], ""), safe=""))
        return path


def operations(document: Json) -> list[Operation]:
    """All operations, in the document's order."""
    return [
        Operation(document, path, method.upper(), described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def fields(document: Json, schema: Json) -> list[Field]:
    """The fields of an object's schema and of what is in it, in its order."""
    return list(_fields(document, schema, "", ()))


def sample(document: Json, schema: Json) -> Any:
    """A value of a schema's form to begin with: only what is required."""
    found = _resolved(document, schema)
    if "default" in found or "enum" in found:
        return found.get("default", found.get("enum", [""])[0])
    if "properties" in found:
        required = found.get("required", ())
        return {name: sample(document, part) for name, part in found["properties"].items() if name in required}
    return {"array": [], "integer": 0, "number": 0, "boolean": False, "object": {}}.get(str(found.get("type")), "")


def _fields(document: Json, schema: Json, above: str, seen: tuple[str, ...]) -> Iterator[Field]:
    found = _resolved(document, schema)
    if found.get("type") == "array":
        yield from _fields(document, found.get("items", {}), f"{above}[]", seen)
    for name, part in found.get("properties", {}).items():
        path = f"{above}.{name}".lstrip(".")
        inner = _resolved(document, part)
        text = part.get("description") or inner.get("description", "")
        yield Field(path, _type(document, part), name in found.get("required", ()), text)
        model = json.dumps(inner.get("properties") or inner.get("items", {}), sort_keys=True)
        if model not in seen and len(seen) < MOST_LEVELS:
            yield from _fields(document, part, path, (*seen, model))


def _resolved(document: Json, schema: Json) -> Json:
    """The schema that is meant: behind references, and without the null that may stand in its place."""
    while True:
        if "$ref" in schema:
            target: Any = document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            schema = target
        elif "anyOf" in schema:
            schema = next((part for part in schema["anyOf"] if part.get("type") != "null"), {})
        else:
            return schema


def _type(document: Json, schema: Json) -> str:
    if "anyOf" in schema:
        return " | ".join(_type(document, part) for part in schema["anyOf"])
    found = _resolved(document, schema)
    if "enum" in found:
        return " | ".join(f"“{value}”" for value in found["enum"])
    if found.get("type") == "array":
        return f"{_type(document, found.get('items', {}))}[]"
    return str(found.get("format") or found.get("type") or found.get("const", "any"))
