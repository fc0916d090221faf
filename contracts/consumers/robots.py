"""What the pages of group robots, and of the delivery log, ask notify for and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import INSTANT, a_code, a_uuid, get

API, DELIVERIES = "/api/notify/v1/robots", "/api/notify/v1/deliveries"
ROBOT, PAUSED = "01890000-0000-7000-8000-0000000000d1", "01890000-0000-7000-8000-0000000000d2"
"""Stand for two robots as they were added, at which nobody listens; to the first a test was tried once at least."""
DELIVERY = "01890000-0000-7000-8000-0000000000d3"
"""Stands for that test."""
URL = "http://127.0.0.2:9999/send?key=1"
_PAGE = match.regex("30", regex=r"^([1-9]\d?|1\d\d|200)$")


def add(pact: Pact) -> None:
    """As an administrator of an office."""
    kind = {
        "code": a_code("wecom"),
        "name": match.str("企业微信群机器人"),
        "name_en": match.str("WeCom group robot"),
        "example": match.str("https://…"),
        "signs": match.bool(False),
    }
    group = {"code": a_code("returned"), "title": match.str("审核退回"), "title_en": match.str("Returned")}
    found = {"items": match.each_like(_robot(a_uuid()), min=1), "kinds": match.each_like(kind, min=1)}
    get(pact, "the robots", API, {}, found | {"groups": match.each_like(group, min=1)})
    sent = {
        "state": match.regex("sending", regex="^(created|sending)$"),
        "attempts": match.int(1),
        "created_at": INSTANT,
        "next_try": INSTANT,
        "sent_at": None,
        "detail": match.str("无法建立连接。"),
    }
    whole = _robot(ROBOT) | {"version": match.int(1), "recent": match.each_like(sent, min=1)}
    get(pact, "a robot", f"{API}/{ROBOT}", {}, whole | {"actions": match.each_like(match.str("pause"), min=1)})
    given = {"kind": "wecom", "name": "契约工作群", "url": URL, "secret": "", "groups": ["returned"]}
    adding = (
        pact.upon_receiving("a further robot").with_request("POST", API).with_header("Idempotency-Key", _key("add"))
    )
    adding.with_body(given, "application/json").will_respond_with(201).with_body({"id": a_uuid()}, "application/json")
    changed = {"name": "契约工作群", "groups": []}
    changing = pact.upon_receiving("a robot changes").with_request("PUT", f"{API}/{ROBOT}")
    changing.with_header("Idempotency-Key", _key("change")).with_header("If-Match", '"1"')
    changing.with_body(changed, "application/json").will_respond_with(200)
    pausing = pact.upon_receiving("the pause of a robot").with_request("POST", f"{API}/{PAUSED}/pause")
    pausing.with_header("Idempotency-Key", _key("pause")).with_header("If-Match", '"1"').will_respond_with(200)


def log(pact: Pact) -> None:
    """As the operator."""
    channel = {"code": a_code("mail"), "name": match.str("电子邮件"), "name_en": match.str("E-mail")}
    found = {"items": match.each_like(_delivery(a_uuid()), min=1)}
    found |= {"channels": match.each_like(channel, min=1)}
    get(pact, "the deliveries", DELIVERIES, {"channel": "wecom", "state": "sending", "limit": _PAGE}, found)
    tried = {
        "number": match.int(1),
        "at": INSTANT,
        "milliseconds": match.int(3),
        "outcome": match.regex("later", regex="^(sent|later|failed|unknown)$"),
        "reason": match.str("connection"),
        "detail": match.str("无法建立连接。"),
    }
    whole = _delivery(DELIVERY) | {"next_try": INSTANT, "sent_at": None, "tries": match.each_like(tried, min=1)}
    get(pact, "a delivery", f"{DELIVERIES}/{DELIVERY}", {}, whole | {"actions": match.like(["retry"])})
    retrying = pact.upon_receiving("a delivery is retried").with_request("POST", f"{DELIVERIES}/{DELIVERY}/retry")
    retrying.with_header("Idempotency-Key", _key("retry")).will_respond_with(200)


def _key(what: str) -> Any:
    """Another one for each request, and each time that the pact is verified."""
    return match.regex(f"{DELIVERY}:{what}", regex=r"^[!-~]{1,128}$")


def _robot(id_: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "kind": a_code("wecom"),
        "name": match.str("契约工作群"),
        "url": match.str("127.0.0.2 …ey=1"),
        "signed": match.bool(False),
        "groups": match.like([]),
        "paused": match.bool(False),
    }


def _delivery(id_: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "channel": a_code("wecom"),
        "address": match.str("契约工作群"),
        "state": "sending",
        "attempts": match.int(1),
        "created_at": INSTANT,
        "error": match.str("connection"),
    }
