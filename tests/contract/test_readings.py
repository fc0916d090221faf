"""What consumers are seen to read is named: of events by notify's pacts, of answers by the portal's readings."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

import portal
from contracts.dictionary import examples
from contracts.generate import FOLDER
from contracts.readers import pacts, undescribed
from contracts.readings import as_pacts, readings, shape, unanswered
from contracts.release import documents
from notify.inbox import events as inbox
from notify.inbox import rules
from notify.inbox.settling import settled
from portal.web.templates import environment
from tests.contract.noting import noting
from tests.contract.test_files import CODE

PACTS, READINGS = pacts(FOLDER / "pacts"), readings()
DOCUMENTS = documents(FOLDER)
SOURCES = Path(portal.__file__).parent
OWN = frozenset({"visit", "ui", "user", "loop", "problem", "filters", "rules", "self", "request"})
"""What pages have that is no answer of a service."""
NAMED_BY_PAGES = frozenset({"address", "choices", "milestone", "more", "partition", "pointer", "time", "values"})
"""Fields of answers that pages read something else by the name of."""


def test_the_code_answers_and_publishes_all_that_is_read() -> None:
    """As it says itself, before anybody writes the contracts anew."""
    said = {name: json.loads(text) for name, text in CODE.items() if name.startswith(("openapi/", "events/"))}
    for contract in (said, DOCUMENTS):
        assert undescribed([*PACTS, *as_pacts(READINGS, contract)], contract) == []


@pytest.mark.parametrize("type_", sorted({*inbox.HANDLERS, *inbox.CATALOG_HANDLERS}))
def test_what_notify_reads_of_an_event_is_in_its_pact(type_: str) -> None:
    bodies = [
        interaction["contents"]["content"]
        for pact in PACTS
        if pact["consumer"]["name"] == "notify"
        for interaction in pact["interactions"]
        if interaction["metadata"]["ce_type"] == type_
    ]
    read: dict[str, set[str]] = {}
    for body in (*bodies, *examples(type_)):
        data = noting(body, read)
        rules.entries(type_, "0", datetime.now(UTC), data)
        if rules.concerned(data):
            rules.changed_thing(type_, data)
        settled(type_, data)
    named: dict[str, set[str]] = {}
    for body in bodies:
        for place, names in objects(body):
            named.setdefault(place, set()).update(names)
    beyond = {place: names - named.get(place, set()) for place, names in read.items()}
    assert not {place: names for place, names in beyond.items() if names}, "notify reads more than its pact says"


def objects(value: Any, place: str = ".") -> Iterator[tuple[str, set[str]]]:
    """Where each object stands, and its fields."""
    if isinstance(value, dict):
        yield place, set(value)
        for name, part in value.items():
            yield from objects(part, name if place == "." else f"{place}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from objects(part, f"{place}[]")


def test_each_field_that_the_portal_names_is_among_its_readings() -> None:
    """A page that reads one more says so in ``contracts/portal``."""
    answers = (document for name, document in DOCUMENTS.items() if name.startswith("openapi/"))
    described = {name for document in answers for name in properties(document)}
    known = {name for places in READINGS.values() for names in places.values() for name in names}
    missing = {name: files for name, files in named_by_pages().items() if name in described - known - NAMED_BY_PAGES}
    assert missing == {}


def test_pages_name_each_field_of_their_readings() -> None:
    """What no page reads any more goes from ``contracts/portal``."""
    text = " ".join(file.read_text("utf-8") for type_ in ("py", "html") for file in SOURCES.rglob(f"*.{type_}"))
    words = set(re.findall(r"\w+", text))
    words |= {f"{word}_en" for word in words}
    known = {name for places in READINGS.values() for names in places.values() for name in names}
    assert known <= words, known - words


def test_what_an_answer_lacks_is_found_wherever_it_stands() -> None:
    read = shape({".": ["items", "next"], "items[]": ["id", "order"], "items[].order": ["title"]})
    answer = {"items": [{"id": 1, "order": {"title": "…"}}, {"id": 2, "order": None}, {"order": {"number": 1}}]}
    assert [*unanswered(read, answer, "list")] == ["list.items[].id", "list.items[].order.title", "list.next"]


def properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


@cache
def named_by_pages() -> dict[str, set[str]]:
    """The fields that templates and code of the portal name, with the files that do."""
    found: dict[str, set[str]] = {}
    templates = environment()
    for file in SOURCES.rglob("*.html"):
        for name in of_template(templates.parse(file.read_text("utf-8"))):
            found.setdefault(name, set()).add(file.relative_to(SOURCES).as_posix())
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                found.setdefault(str(node.slice.value), set()).add(file.relative_to(SOURCES).as_posix())
    return found


def of_template(template: nodes.Template) -> Iterator[str]:
    for read in template.find_all(nodes.Getattr):
        if not (isinstance(read.node, nodes.Name) and read.node.name in OWN):
            yield read.attr
    for item in template.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const):
            yield str(item.arg.value)
