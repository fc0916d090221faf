"""What the pages of dead letters ask the services for, as the operator, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers import robots, webhooks
from contracts.consumers.messages import INSTANT, a_uuid, get

LETTER, DISCARDED = "01890000-0000-7000-8000-0000000000b1", "01890000-0000-7000-8000-0000000000b2"
"""Stand for two dead letters that wait."""
_PAGE = match.regex("30", regex=r"^([1-9]\d?|1\d\d|200)$")


def progress() -> Pact:
    """Pages of dead letters → progress."""
    return _pact("progress")


def notify() -> Pact:
    """Pages of dead letters, of the delivery log and of webhooks → notify."""
    pact = _pact("notify")
    robots.log(pact)
    webhooks.replays(pact)
    return pact


def _pact(service: str) -> Pact:
    pact, path = Pact("portal-operator", service), f"/api/{service}/v1/dead-letters"
    waiting = {"state": "waiting", "limit": _PAGE}
    get(pact, "the dead letters that wait", path, waiting, {"items": match.array_containing([_letter()]), "next": None})
    more: dict[str, Any] = {
        "headers": match.like({}),
        "value": match.str("{}"),
        "key": match.str("k"),
        "version": match.int(1),
        "actions": match.each_like(match.str("retry"), min=1),
        "trace": None,
        "ended_at": None,
        "note": None,
    }
    get(pact, "a dead letter", f"{path}/{LETTER}", {}, _letter() | more)
    for what, where, body in (
        ("a letter is retried", f"{LETTER}/retry", None),
        ("a letter is discarded", f"{DISCARDED}/discarding", {"reason": "测试消息"}),
    ):
        asked = pact.upon_receiving(what).with_request("POST", f"{path}/{where}").with_header("If-Match", '"1"')
        asked.with_header("Idempotency-Key", match.regex(where, regex=r"^[!-~]{1,128}$"))
        if body:
            asked.with_body(body, "application/json")
        asked.will_respond_with(200)
    retrying = pact.upon_receiving("all that were seen are retried").with_request(
        "POST", f"/api/{service}/v1/dead-letter-retries"
    )
    retrying.with_body({"until": "2000-01-01T00:00:00+00:00"}, "application/json")
    retrying.will_respond_with(200).with_body({"retried": match.int(0)}, "application/json")
    return pact


def _letter() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "type": match.str("zoneportal.progress.line.progressed.v1"),
        "reason": match.str("ValueError('…')"),
        "consumer": match.str("notify.progress"),
        "topic": match.str("progress.hefei"),
        "buried_at": INSTANT,
        "state": "waiting",
    }
