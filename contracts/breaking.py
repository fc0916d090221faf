"""What breaks those who built on the released contract, difference by difference.

What is given has to fit what is taken. Answers and events are given by the present contract and taken by readers of
the released one; requests are given by callers of the released one and taken by the present. Readers accept
new fields and values of an enumeration, as ``asyncapi.yaml`` tells them; a pattern that changed counts as narrower.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.schemas import Json, kinds

_LOWER = ("minimum", "minLength", "minItems")
_UPPER = ("maximum", "maxLength", "maxItems")
_SAME = ("pattern", "format")


@dataclass(frozen=True)
class _Pair:
    """A released and a present document, in which references are looked up; ``written`` by callers, else read."""

    released: Json
    present: Json
    written: bool = False
    compared: set[tuple[bool, str, str]] = field(default_factory=set)


def breaks(released: Mapping[str, Json], present: Mapping[str, Json]) -> list[str]:
    """A sentence for each breaking difference. Keys are ``openapi/…`` and ``events/…``, as under ``contracts/``."""
    found = []
    for name, old in released.items():
        new = present.get(name)
        if new is None:
            found.append(f"{name} is gone")
        elif name.startswith("openapi/"):
            found += [f"{name}: {text}" for text in _api(_Pair(old, new))]
        else:
            found += [f"{name}: {text}" for text in _schema(_Pair(old, new), "data", old, new)]
    return found


def _api(pair: _Pair) -> Iterator[str]:
    for path, operations in pair.released["paths"].items():
        for method, old in operations.items():
            name = f"{method.upper()} {path}"
            new = pair.present["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{name} is gone"
                continue
            if new.get("security") and not old.get("security"):
                yield f"{name} asks for a token"
            yield from _parameters(replace(pair, written=True), name, old, new)
            yield from _body(replace(pair, written=True), name, old, new)
            yield from _answers(pair, name, old, new)


def _parameters(pair: _Pair, name: str, old: Json, new: Json) -> Iterator[str]:
    before, after = ({(p["in"], p["name"]): p for p in side.get("parameters", [])} for side in (old, new))
    for key, parameter in before.items():
        where = f"{name} {key[0]} {key[1]}"
        if key not in after:
            yield f"{where} is gone"
        else:
            yield from _schema(pair, where, parameter["schema"], after[key]["schema"])
    for key, parameter in after.items():
        if parameter.get("required") and not before.get(key, {}).get("required"):
            yield f"{name} {key[0]} {key[1]} is required"


def _body(pair: _Pair, name: str, old: Json, new: Json) -> Iterator[str]:
    before, after = old.get("requestBody", {}), new.get("requestBody", {})
    if after.get("required") and not before.get("required"):
        yield f"{name} body is required"
    yield from _contents(pair, f"{name} body", before, after)


def _answers(pair: _Pair, name: str, old: Json, new: Json) -> Iterator[str]:
    for status, answer in old["responses"].items():
        if status not in new["responses"]:
            if status.startswith("2"):
                yield f"{name} {status} is gone"
        else:
            yield from _contents(pair, f"{name} {status}", answer, new["responses"][status])


def _contents(pair: _Pair, where: str, old: Json, new: Json) -> Iterator[str]:
    for media_type, content in old.get("content", {}).items():
        if media_type not in new.get("content", {}):
            yield f"{where} as {media_type} is gone"
        else:
            yield from _schema(pair, where, content.get("schema", {}), new["content"][media_type].get("schema", {}))


def _schema(pair: _Pair, where: str, old: Json, new: Json) -> Iterator[str]:
    names = (pair.written, str(old.get("$ref")), str(new.get("$ref")))
    if "$ref" in old and "$ref" in new:
        if names in pair.compared:
            return
        pair.compared.add(names)
    before, after = kinds(pair.released, old), kinds(pair.present, new)
    given, taken = (before, after) if pair.written else (after, before)
    for kind in given.keys() - taken.keys():
        if "any" not in taken and not (kind == "integer" and "number" in taken):
            yield f"{where} may no longer be {kind}" if pair.written else f"{where} may be {kind}"
    for kind in before.keys() & after.keys():
        yield from _narrower(pair, where, given[kind], taken[kind])
        yield from _object(pair, where, before[kind], after[kind])
        yield from _inside(pair, where, before[kind], after[kind])


def _narrower(pair: _Pair, where: str, given: Json, taken: Json) -> Iterator[str]:
    lost = set(given.get("enum", ())) - set(taken.get("enum", given.get("enum", ())))
    if pair.written and (lost or ("enum" in taken and "enum" not in given)):
        yield f"{where} may only be one of {', '.join(map(str, taken['enum']))}"
    for limit in (*_LOWER, *_UPPER, *_SAME):
        if limit in taken and _outside(limit, given.get(limit), taken[limit]):
            before, after = (given.get(limit), taken[limit]) if pair.written else (taken[limit], given.get(limit))
            yield f"{where} has {limit} {after} instead of {before}"


def _outside(limit: str, given: Any, taken: Any) -> bool:
    if given is None or limit in _SAME:
        return bool(given != taken)
    return bool(given < taken if limit in _LOWER else given > taken)


def _object(pair: _Pair, where: str, old: Json, new: Json) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    required = (old.get("required", ()), new.get("required", ()))
    given, taken = required if pair.written else reversed(required)
    for name, schema in before.items():
        if name not in after:
            yield f"{where}.{name} is gone"
        else:
            yield from _schema(pair, f"{where}.{name}", schema, after[name])
    for name in sorted(set(taken) - set(given)):
        if pair.written or name in after:
            yield f"{where}.{name} is required" if pair.written else f"{where}.{name} may be absent"


def _inside(pair: _Pair, where: str, old: Json, new: Json) -> Iterator[str]:
    for keyword in ("items", "additionalProperties"):
        before, after = old.get(keyword), new.get(keyword)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _schema(pair, f"{where}[]", before, after)
