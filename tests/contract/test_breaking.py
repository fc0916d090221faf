"""The contracts break nobody who built on the released ones, and each breaking difference is named."""

import copy
from typing import Any

import pytest

from contracts.breaking import breaks
from contracts.generate import FOLDER
from contracts.release import RELEASED, Refused, check, documents, unannounced

EVENT = "events/zoneportal.example.line.reported.v1.json"
API = "openapi/example.json"
SCHEMAS = {
    "LineOut": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "percent": {"type": "integer", "maximum": 100},
            "remark": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "part": {"$ref": "#/components/schemas/LineOut"},
        },
        "required": ["id", "percent"],
    },
    "LineIn": {
        "type": "object",
        "properties": {
            "state": {"enum": ["open", "done"], "type": "string"},
            "percent": {"type": "number", "minimum": 0},
            "text": {"type": "string", "maxLength": 100, "pattern": "^[a-z]*$"},
            "names": {"type": "array", "items": {"type": "string"}, "maxItems": 9},
        },
        "required": ["state"],
        "additionalProperties": False,
    },
}
OPERATION = {
    "parameters": [{"in": "query", "name": "plan", "schema": {"type": "string"}}],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/LineIn"}}}},
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/LineOut"}}}}},
}
CONTRACT: dict[str, Any] = {
    API: {
        "info": {"version": "1.2.0"},
        "paths": {"/lines": {"post": OPERATION}},
        "components": {"schemas": SCHEMAS},
    },
    EVENT: {
        "type": "object",
        "properties": {"percent": {"type": "integer"}, "units": {"type": "array", "items": {"$ref": "#/$defs/Unit"}}},
        "required": ["percent"],
        "$defs": {"Unit": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
    },
}
OUT = f"{API}#/components/schemas/LineOut"
IN = f"{API}#/components/schemas/LineIn"
POST = f"{API}#/paths/~1lines/post"
GONE = object()


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (EVENT, GONE, f"{EVENT} is gone"),
        (f"{EVENT}#/properties/percent", GONE, "data.percent is gone"),
        (f"{EVENT}#/properties/percent/type", "string", "data.percent may be string"),
        (f"{EVENT}#/required", [], "data.percent may be absent"),
        (f"{EVENT}#/$defs/Unit/properties/name", GONE, "data.units[].name is gone"),
        (POST, GONE, "POST /lines is gone"),
        (f"{POST}/security", [{"bearer": []}], "POST /lines asks for a token"),
        (f"{POST}/parameters", [], "POST /lines query plan is gone"),
        (f"{POST}/parameters/0/required", True, "POST /lines query plan is required"),
        (f"{POST}/parameters/0/schema", {"type": "integer"}, "POST /lines query plan may no longer be string"),
        (f"{POST}/requestBody/required", True, "POST /lines body is required"),
        (f"{POST}/responses", {"201": {}}, "POST /lines 200 is gone"),
        (f"{POST}/responses/200/content", {"text/csv": {}}, "POST /lines 200 as application/json is gone"),
        (f"{OUT}/properties/id", GONE, "POST /lines 200.id is gone"),
        (f"{OUT}/properties/id/format", GONE, "POST /lines 200.id has format None instead of uuid"),
        (f"{OUT}/properties/percent/maximum", 200, "POST /lines 200.percent has maximum 200 instead of 100"),
        (f"{OUT}/properties/id/type", ["string", "null"], "POST /lines 200.id may be null"),
        (f"{OUT}/properties/percent/type", "number", "POST /lines 200.percent may be number"),
        (f"{OUT}/required", ["id"], "POST /lines 200.percent may be absent"),
        (f"{IN}/properties/text", GONE, "POST /lines body.text is gone"),
        (f"{IN}/properties/text/maxLength", 50, "POST /lines body.text has maxLength 50 instead of 100"),
        (f"{IN}/properties/text/minLength", 1, "POST /lines body.text has minLength 1 instead of None"),
        (f"{IN}/properties/text/pattern", "^[a-f]*$", "body.text has pattern ^[a-f]*$ instead of ^[a-z]*$"),
        (f"{IN}/properties/state/enum", ["open"], "POST /lines body.state may only be one of open"),
        (f"{IN}/properties/percent/type", "integer", "POST /lines body.percent may no longer be number"),
        (f"{IN}/properties/names/items", {"type": "integer"}, "POST /lines body.names[] may no longer be string"),
        (f"{IN}/required", ["state", "text"], "POST /lines body.text is required"),
    ],
)
def test_each_breaking_difference_is_named(place: str, value: Any, sentence: str) -> None:
    (found,) = breaks(CONTRACT, changed(place, value))
    assert found.endswith(sentence)
    with pytest.raises(Refused, match="need a new first number"):
        check(CONTRACT, changed(place, value, version="1.3.0"))
    check(CONTRACT, changed(place, value, version="2.0.0"))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("events/zoneportal.example.line.opened.v1.json", {"type": "object"}),
        (f"{EVENT}#/properties/state", {"type": "string"}),
        (f"{EVENT}#/required", ["percent", "units"]),
        (f"{API}#/paths/~1units", {"get": OPERATION}),
        (f"{POST}/parameters/1", {"in": "query", "name": "unit", "schema": {"type": "string"}}),
        (f"{POST}/responses/201", {}),
        (f"{OUT}/properties/state", {"type": "string"}),
        (f"{OUT}/properties/remark", {"type": "string"}),
        (f"{OUT}/properties/percent/maximum", 99),
        (f"{IN}/properties/text/maxLength", 200),
        (f"{IN}/properties/text", {"anyOf": [{"type": "null"}, {"type": "string"}]}),
        (f"{IN}/properties/state/enum", ["open", "done", "withdrawn"]),
        (f"{IN}/properties/unit", {"type": "string"}),
        (f"{IN}/required", []),
    ],
)
def test_what_only_grows_breaks_nobody(place: str, value: Any) -> None:
    check(CONTRACT, changed(place, value, version="1.2.1"))


@pytest.mark.parametrize("version", ["1.2.0", "1.1.9", "0.9.0"])
def test_a_version_is_released_once(version: str) -> None:
    with pytest.raises(Refused, match=r"1\.2\.0 is released"):
        check(CONTRACT, changed(f"{API}#/paths/~1units", {"get": OPERATION}, version=version))


def test_the_first_release_may_be_any() -> None:
    check({}, CONTRACT)


def test_nobody_who_built_on_the_released_contract_is_broken() -> None:
    released = documents(RELEASED)
    assert len(released) > 90
    assert unannounced(released, documents(FOLDER)) == []


def changed(place: str, value: Any, *, version: str = "1.2.0") -> dict[str, Any]:
    """The contract with one place set, put into a list, or gone; ``place`` is a file, ``#`` and a JSON pointer."""
    contract = copy.deepcopy(CONTRACT)
    contract[API]["info"]["version"] = version
    file, *pointer = place.split("#/")
    *parents, last = [file, *(part.replace("~1", "/") for text in pointer for part in text.split("/"))]
    target: Any = contract
    for part in parents:
        target = target[int(part) if isinstance(target, list) else part]
    if value is GONE:
        del target[last]
    elif isinstance(target, list):
        target.append(value)
    else:
        target[last] = value
    return contract
