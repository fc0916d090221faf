"""What the example integrator (``examples``) reads of the events of progress, from Kafka and over HTTP."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import a_code, a_uuid, expect

_PREFIX = "zoneportal.progress."
_CURSOR = r"^[A-Za-z0-9_-]+$"
BEGINNING = "WzBd"
"""A cursor before everything."""
LINES = {
    **{what: f"a line that an edition has {what}" for what in ("opened", "updated", "withdrawn")},
    **{what: f"a line that {what}" for what in ("progressed", "resumed")},
    "suspended": "a line that is suspended",
    "stalled": "a line that stands still",
}


def progress() -> Pact:
    """Integrator → progress."""
    pact = Pact("integrator", "progress")
    for what, description in LINES.items():
        expect(pact, description, f"{_PREFIX}line.{what}.v1", {"line": _line()})
    return pact


def notify() -> Pact:
    """Integrator → notify."""
    pact = Pact("integrator", "notify")
    told = {"type": match.regex(f"{_PREFIX}day.closed.v1", regex=r"^zoneportal\.progress\..+$"), "data": match.like({})}
    page = {
        "items": match.each_like(told, min=1),
        "next": match.regex("WzE3OTU4OTE5NTEyMDk0ODhd", regex=_CURSOR),
        "more": match.bool(False),
    }
    asked = {"limit": match.regex("100", regex=r"^([1-9][0-9]?|1[0-9]{2}|200)$")}
    for what, query in (
        ("the oldest events", asked),
        ("the events after a cursor", asked | {"after": match.regex(BEGINNING, regex=_CURSOR)}),
    ):
        interaction = pact.upon_receiving(what).with_request("GET", "/api/notify/v1/events")
        interaction.with_query_parameters(query)
        interaction.will_respond_with(200).with_body(page, "application/json")
    return pact


def _line() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "version": match.int(3),
        "jurisdiction": a_code("huangshan"),
        "task": {"title": match.str("推进口岸开放")},
        "state": match.str("in_progress"),
        "percent": match.int(40),
        "light": match.regex("green", regex=r"^(green|yellow|red|blue)$"),
        "due": None,
        "withdrawn": match.bool(False),
    }
