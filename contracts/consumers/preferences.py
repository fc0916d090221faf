"""How somebody wants to be told: what the page reads of it, and sends."""

from pact import Pact, match

from contracts.consumers.messages import ID, a_code, get

PREFERRED = 987654
"""Stands for the version of what the reader chose."""


def add(pact: Pact) -> None:
    """What the page of notification settings asks for."""
    path, way = "/api/notify/v1/preferences", match.regex("now", regex="^(now|digest|none)$")
    group = {"code": a_code("reports"), "must": match.bool(False), "choice": way}
    group |= {name: match.str("进展填报") for name in ("title", "title_en", "about", "about_en")}
    rhythm = match.regex("daily", regex="^(daily|weekly)$")
    shown = {
        "groups": match.each_like(group, min=1),
        "quiet": None,
        "working_days_only": match.bool(False),
        "digest": {"rhythm": rhythm, "weekday": match.int(1)},
        "language": match.regex("zh", regex="^(zh|en)$"),
        "version": match.int(PREFERRED),
    }
    get(pact, "how the reader wants to be told", path, {}, shown)
    given = {
        "choices": {"reports": "digest"},
        "quiet": None,
        "working_days_only": True,
        "digest": {"rhythm": "weekly", "weekday": 3},
        "language": "zh",
    }
    choosing = pact.upon_receiving("another choice").with_request("PUT", path).with_header("If-Match", f'"{PREFERRED}"')
    choosing.with_header("Idempotency-Key", match.regex(ID, regex=r"^[!-~]{1,128}$")).with_body(
        given, "application/json"
    )
    choosing.will_respond_with(200)
