"""Hostile text in every field that the services answer: no page takes it for markup, no sheet for a formula. And in
every parameter that they take: no statement takes it for its own.
"""

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest

from contracts.generate import FOLDER
from deploy.local.system import System
from gateway.portal.tests.support import Browser, csrf, portal
from portal.exports.lists import LISTS
from portal.exports.rules import MOST
from tests.isolation.manual import PAGES
from tests.isolation.test_parts_away import SKIPPED, Addresses
from tests.isolation.things import Things

MARKUP = "<img src=x onerror=zp7()>"
HOSTILE = f"=1+1|\"'><{MARKUP[1:]}</script>{{{{7*7}}}}\u202e\u200b"
FILE = re.compile(r"^/exports|/documents?|/(sheet|_?template|results|content)$|\.ics$")
CODE = re.compile(r"[!-~]*|[-\d]+ [\d:.+]+")
"""Names that programs gave, days and times; everything else was written by somebody."""


def poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: poisoned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [poisoned(each) for each in value]
    return value if not isinstance(value, str) or CODE.fullmatch(value) else f"={value}{HOSTILE}"


async def poison(answer: httpx.Response) -> None:
    if answer.headers.get("content-type") == "application/json" and answer.is_success:
        answer._content = json.dumps(poisoned(json.loads(await answer.aread()))).encode()


async def test_whatever_was_written_is_shown_as_text(
    system: System, browsers: Mapping[str, Browser], things: Things
) -> None:
    told, opened, shown = [], {path for path in PAGES if path in SKIPPED or FILE.search(path)}, set()
    async with portal(system, system.endpoints["gateway"], answered=[poison]) as pages:
        for person in ("province.admin", "hefei.admin", "security.demo", "operator.demo"):
            addresses = Addresses(things, person)
            pages.cookies.set("session", browsers[person].secret())
            for path in (path for path in PAGES if path not in opened):
                address = addresses.of(path)
                answer = await pages.get(address) if address else None
                if answer is None or answer.status_code != 200:
                    continue
                opened.add(path)
                if "&lt;img src=x onerror=zp7()" in answer.text:
                    shown.add(path)
                    assert "{{7*7}}" in answer.text
                if MARKUP in answer.text or "\u202e" in answer.text:
                    told.append(address)
    assert told == []
    assert len(shown) > 60, sorted(opened - shown)


async def test_no_sheet_has_a_formula(
    system: System, browsers: Mapping[str, Browser], things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all lists that are not of one thing; the long ones are made at once for it."""
    hostile = 0
    monkeypatch.setattr("portal.exports.pages.LARGE", MOST)
    async with portal(system, system.endpoints["gateway"], answered=[poison]) as pages:
        for name in (name for name, listed in LISTS.items() if listed.asked({})):
            for person in ("province.admin", "operator.demo", "security.demo"):
                pages.cookies.set("session", browsers[person].secret())
                given = {"_csrf": csrf(browsers[person].get("/about"))}
                answer = await pages.post(f"/exports/{name}", data=given)
                if answer.status_code == 200:
                    break
            with ZipFile(BytesIO(answer.content)) as package:
                parts = [package.read(part).decode() for part in package.namelist()]
            hostile += any("=1+1|" in part for part in parts)
            assert not any("<f>" in part or "<f " in part for part in parts), name
    assert hostile > 15


SQL = ("㐀%' OR '1'='1'); SELECT pg_sleep(60) --", "%_%_%")
READERS = ("province.admin", "hefei.admin", "security.demo", "operator.demo", "integrator-hefei")


def test_no_parameter_is_taken_for_a_statement(clients: Mapping[str, httpx.Client]) -> None:
    for file in (FOLDER / "openapi").glob("*.json"):
        for path, methods in json.loads(file.read_text())["paths"].items():
            if "{" in path or path.endswith("/stream") or "get" not in methods:
                continue
            reader = next(one for one in READERS if clients[one].get(path).status_code != 403)
            for parameter in methods["get"].get("parameters", ()):
                if parameter["in"] == "query" and _is_text(parameter["schema"]):
                    _is_taken_for_text(clients[reader], path, parameter["name"])


def _is_text(schema: Mapping[str, Any]) -> bool:
    kinds = schema.get("anyOf", [schema])
    return any(each.get("type") == "string" and "enum" not in each for each in kinds)


def _is_taken_for_text(client: httpx.Client, path: str, parameter: str) -> None:
    """What finds anything finds it by its words: nothing here has these."""
    nonsense = _found(client, path, parameter, "㐀㐁")
    for text in SQL:
        assert _found(client, path, parameter, text) in (nonsense, (422, 0), (404, 0)), (path, parameter, text)


def _found(client: httpx.Client, path: str, parameter: str, text: str) -> tuple[int, int]:
    answer = client.get(path, params={parameter: text})
    found = answer.json() if answer.status_code == 200 else {}
    return answer.status_code, len(found.get("items", found.get("groups", ())))
