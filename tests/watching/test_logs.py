"""What a whole run of the tests left in the logs: nothing secret, nobody's name, and lines that programs can read."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.local.ports import SERVICES
from deploy.local.system import System
from realm.demo import PEOPLE

OURS = (*(f"{service}-{process}" for service in SERVICES for process in ("api", "worker")), "portal")
FORMS = {
    "a token": rb"eyJ[\w-]{8,}\.[\w-]{8,}",
    "a webhook's secret": rb"whsec_[\w+/=]{16,}",
    "a cookie": rb"(?i)(?:set-)?cookie['\"]?\s*[:=]",
    "what a login brings": rb"[?&](?:code|state|session_state|access_token|token|secret|key)=",
    "an e-mail address": rb"[\w.+-]@(?:[\w-]+\.)+[a-z]{2,}\b",
    "a phone number": rb"(?<![\w.:-])1[3-9]\d{9}(?![\w.-])",
}
PUBLIC = ("/public/", "unmatched")
"""What nobody has to log in for; an API's description is no route of its own."""

PERSONAL = ("/lines", "/inbox", "/orders")
"""Pages that nobody sees who is not logged in."""


@pytest.fixture(scope="module")
def logs(system: System) -> dict[str, bytes]:
    """All that was logged so far, by component."""
    return {path.stem: path.read_bytes() for path in sorted((system.run_dir / "log").glob("*.log"))}


def line_at(text: bytes, position: int) -> str:
    begins, ends = text.rfind(b"\n", 0, position) + 1, text.find(b"\n", position)
    return text[begins : ends if ends > 0 else None].decode(errors="replace")[:400]


def test_no_log_has_a_secret_of_the_instance(system: System, logs: dict[str, bytes]) -> None:
    for component, text in logs.items():
        for name, secret in system.instance.secrets.items():
            assert secret.encode() not in text, (component, name)


@pytest.mark.parametrize("what", FORMS)
def test_no_log_has_what_looks_like(what: str, logs: dict[str, bytes]) -> None:
    form = re.compile(FORMS[what])
    found = {name: line_at(text, match.start()) for name, text in logs.items() if (match := form.search(text))}
    assert not found


def test_no_log_names_a_person(logs: dict[str, bytes]) -> None:
    for person in PEOPLE:
        for called in (person.username, person.name):
            found = [line_at(text, at) for text in logs.values() if (at := text.find(called.encode())) >= 0]
            assert not found, called


def lines(text: bytes) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            pytest.fail(line.decode(errors="replace"))


def closed(component: str, route: str) -> bool:
    """To whom is not logged in."""
    return route.startswith(PERSONAL) if component == "portal" else not route.startswith(PUBLIC)


def test_each_line_of_ours_tells_who_and_in_which_trace(logs: dict[str, bytes]) -> None:
    """``sub`` and ``tenant`` wherever somebody was let in."""
    for component in OURS:
        for line in lines(logs[component]):
            assert {"time", "level", "service", "message", "trace"} <= line.keys(), line
            assert line["service"].startswith(component), line
            if line["message"] == "request" and line["status"] < 300:
                assert line["trace"], line
                assert not closed(component, line["route"]) or {"sub", "tenant"} <= line.keys(), line


def test_the_gateway_logs_no_query(logs: dict[str, bytes]) -> None:
    told = [line for line in logs["gateway"].splitlines() if line.startswith(b"{")]
    assert told
    assert not [line for line in told if "?" in (json.loads(line)["path"] or "")]
