"""What the consumers read and send, by their pacts, that the contracts do not describe."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from contracts.schemas import Json, kinds


def pacts(folder: Path) -> list[Json]:
    """The pacts under a folder."""
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.json"))]


def undescribed(pacts: list[Json], contract: Mapping[str, Json]) -> list[str]:
    """A sentence per field, parameter, operation or event, with its consumer. Keyed as under ``contracts/``."""
    return [
        f"{pact['consumer']['name']} {text}"
        for pact in pacts
        for interaction in pact["interactions"]
        for text in (
            _operation(interaction, contract[f"openapi/{pact['provider']['name']}.json"])
            if "request" in interaction
            else _event(interaction, contract)
        )
    ]


def _event(interaction: Json, contract: Mapping[str, Json]) -> Iterator[str]:
    name = interaction["metadata"]["ce_type"]
    schema = contract.get(f"events/{name}.json")
    if schema is None:
        yield f"reads {name}"
    else:
        yield from (f"reads {path}" for path in _beyond(schema, schema, interaction["contents"]["content"], name))


def _operation(interaction: Json, document: Json) -> Iterator[str]:
    request, answer = interaction["request"], interaction["response"]
    method, path = request["method"], request["path"]
    operation = next((paths[method.lower()] for paths in _paths(document, path) if method.lower() in paths), None)
    name = f"{method} {path}"
    if operation is None:
        yield f"calls {name}"
        return
    known = {parameter["name"] for parameter in operation.get("parameters", ())}
    yield from (f"sends {name}?{parameter}" for parameter in request.get("query", {}) if parameter not in known)
    sent = _fields(document, operation.get("requestBody", {}), request, name)
    yield from (f"sends {field}" for field in sent)
    described = operation["responses"].get(str(answer["status"]), {})
    yield from (f"reads {field}" for field in _fields(document, described, answer, name))


def _paths(document: Json, path: str) -> Iterator[Json]:
    """The paths of the document that a real path fits, the literal one first."""
    for template in sorted(document["paths"], key=lambda template: template.count("{")):
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            yield document["paths"][template]


def _fields(document: Json, described: Json, message: Json, name: str) -> Iterator[str]:
    body = message.get("body", {})
    if "json" in body.get("contentType", ""):
        media_type = next((type_ for type_ in described.get("content", {}) if "json" in type_), None)
        schema = described["content"][media_type]["schema"] if media_type else {}
        yield from _beyond(document, schema, body["content"], name)


def _beyond(document: Json, schema: Json, example: object, path: str) -> Iterator[str]:
    """The paths of an example's fields that the schema neither names nor leaves open."""
    if isinstance(example, Mapping):
        described = kinds(document, schema).get("object", {})
        known, others = described.get("properties", {}), described.get("additionalProperties")
        for name, value in example.items():
            inner = known.get(name, others)
            if isinstance(inner, Mapping):
                yield from _beyond(document, inner, value, f"{path}.{name}")
            elif inner is not True:
                yield f"{path}.{name}"
    elif isinstance(example, list):
        items = kinds(document, schema).get("array", {}).get("items", {})
        for value in example:
            yield from _beyond(document, items, value, f"{path}[]")
