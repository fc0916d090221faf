"""What the pages of webhooks ask notify for, as the security administrator, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import INSTANT, a_code, a_uuid, get

API = "/api/notify/v1/webhooks"
WEBHOOK, DELIVERY = "01890000-0000-7000-8000-0000000000b1", "01890000-0000-7000-8000-0000000000b2"
"""Stand for the ids of a webhook at which nobody listens, and of a test event that was tried once at least."""
PAUSED = "01890000-0000-7000-8000-0000000000b3"
"""Stands for the id of another one, as it was named."""
REPLAYED, REDELIVERED = "01890000-0000-7000-8000-0000000000b4", "01890000-0000-7000-8000-0000000000b5"
"""Stand for a webhook and a delivery of it, as the operator sends them once more."""
_KEY = match.regex(PAUSED, regex=r"^[!-~]{1,128}$")
_PAGE = match.regex("30", regex=r"^([1-9]\d?|1\d\d|200)$")


def add(pact: Pact) -> None:
    failing = _webhook() | {"failing_since": INSTANT}
    get(pact, "the webhooks", API, {"limit": _PAGE}, {"items": match.array_containing([failing]), "next": None})
    get(pact, "a webhook", f"{API}/{WEBHOOK}", {}, failing)
    found = {"items": match.each_like(_delivery(), min=1), "next": None}
    get(pact, "the deliveries of a webhook", f"{API}/{WEBHOOK}/deliveries", {"limit": _PAGE}, found)
    get(
        pact,
        "a delivery with its tries",
        f"{API}/{WEBHOOK}/deliveries/{DELIVERY}",
        {},
        _delivery() | {"message_id": a_uuid(), "subject": a_uuid(), "tries": match.each_like(_attempt(), min=1)},
    )
    pausing = pact.upon_receiving("the pause of a webhook").with_request("POST", f"{API}/{PAUSED}/pause")
    pausing.with_header("Idempotency-Key", _KEY).with_header("If-Match", '"1"').will_respond_with(200)


def replays(pact: Pact) -> None:
    """As the operator."""
    for what, path, key, body in (
        ("a delivery", f"{REPLAYED}/deliveries/{REDELIVERED}", REDELIVERED, None),
        ("what failed", REPLAYED, REPLAYED, {"since": INSTANT, "what": "failed"}),
    ):
        asked = pact.upon_receiving(f"the replay of {what}").with_request("POST", f"{API}/{path}/replay")
        asked.with_header("Idempotency-Key", match.regex(key, regex=r"^[!-~]{1,128}$"))
        if body:
            asked.with_body(body, "application/json")
        asked.will_respond_with(200)


def _webhook() -> dict[str, Any]:
    return {
        "id": WEBHOOK,
        "integrator": a_code("integrator-hefei"),
        "url": match.regex("http://receiver.example/", regex=r"^https?://.+$"),
        "types": match.like([]),
        "tenants": match.each_like(a_code("hefei"), min=1),
        "ordering": match.regex("per_thing", regex="^(per_thing|free)$"),
        "paused": None,
        "waiting": match.int(0),
        "failed": match.int(0),
        "version": match.int(1),
        "created_at": INSTANT,
        "actions": ["pause"],
    }


def _delivery() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "type": match.regex("zoneportal.notify.webhook.tested.v1", regex=r"^zoneportal\..+\.v1$"),
        "tenant": None,
        "state": "waiting",
        "attempts": match.int(1),
        "created_at": INSTANT,
        "next_try": INSTANT,
        "settled_at": None,
        "reason": match.regex("connection", regex="^[a-z]+$"),
        "actions": [],
    }


def _attempt() -> dict[str, Any]:
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "number": match.int(1),
        "at": INSTANT,
        "url": match.regex("http://receiver.example/", regex=r"^https?://.+$"),
        "headers": {name: match.str(name) for name in headers},
        "address": match.str("203.0.113.7"),
        "milliseconds": match.int(3),
        "status": None,
        "reason": match.regex("connection", regex="^[a-z]+$"),
        "detail": match.str("无法建立连接。"),
    }
