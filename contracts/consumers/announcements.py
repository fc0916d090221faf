"""What the pages of announcements ask notify for, as an office and as the province, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import DAY, INSTANT, a_uuid, get

API = "/api/notify/v1/announcements"
UNREAD, CONFIRMED = "01890000-0000-7000-8000-0000000000c1", "01890000-0000-7000-8000-0000000000c2"
"""Stand for two announcements to the office that it has to confirm."""
DRAFT, SENT = "01890000-0000-7000-8000-0000000000c3", "01890000-0000-7000-8000-0000000000c4"
"""Stand for a draft, and for an announcement that its offices have not read."""
WITHDRAWN = "01890000-0000-7000-8000-0000000000c5"
"""Stands for a published one."""
_KEY = r"^[!-~]{1,128}$"
_PAGE = match.regex("25", regex=r"^([1-9]\d?|1\d\d|200)$")


def add(pact: Pact) -> None:
    """As an office."""
    one = _brief() | {"must_confirm": True, "read_at": None, "confirmed_at": None, "actions": ["confirm"]}
    own = {"reach": None, "addressed": None}
    found = {"items": match.array_containing([one | own]), "next": None}
    get(pact, "announcements of an office", API, {"limit": _PAGE}, found)
    waiting = {"waiting": "true", "limit": _PAGE}
    title = {"id": a_uuid(), "title": match.str("关于报送材料的通知"), "shown_until": DAY}
    get(pact, "announcements that wait for the reader", API, waiting, {"items": match.each_like(title, min=1)})
    get(pact, "an announcement", f"{API}/{UNREAD}", {}, one | own | _text() | {"id": UNREAD})
    for what, thing, below in (("reading", UNREAD, "reading"), ("confirmation", CONFIRMED, "confirmation")):
        asked = pact.upon_receiving(f"the {what} of an announcement").with_request("POST", f"{API}/{thing}/{below}")
        asked.with_header("Idempotency-Key", match.regex(thing, regex=_KEY)).will_respond_with(200)


def province() -> Pact:
    """Pages of announcements → notify, as the province."""
    pact = Pact("portal-province", "notify")
    draft = _watched(["edit", "publish", "cancel"]) | {"id": DRAFT, "status": "draft", "published_at": None} | _text()
    get(pact, "a draft of an announcement", f"{API}/{DRAFT}", {}, draft | {"published_by": None})
    sent = _watched(["correct", "withdraw", "remind"]) | {"id": SENT} | _text()
    get(pact, "an announcement that was sent", f"{API}/{SENT}", {}, sent)
    office: dict[str, Any] = {"name": match.str("合肥片区"), "readers": match.int(0), "confirmed": match.int(0)}
    office |= dict.fromkeys(("first_read_at", "first_confirmed_at"))
    found = {"items": match.each_like(office, min=1), "next": None}
    get(pact, "offices of an announcement", f"{API}/{SENT}/offices", {"limit": _PAGE}, found)
    said = {"title": "关于报送材料的通知", "text": "请按时报送。", "shown_until": "2100-01-01", "must_confirm": True}
    said |= {"addressed": ["zone:hefei"], "reason": None, "corrects": None}
    drafting = pact.upon_receiving("a new draft").with_request("POST", API)
    drafting.with_header("Idempotency-Key", match.regex("draft", regex=_KEY)).with_body(said, "application/json")
    drafting.will_respond_with(201).with_body({"id": a_uuid()}, "application/json")
    for thing, below, body, version in (
        (DRAFT, "publication", None, 1),
        (SENT, "reminder", None, 2),
        (WITHDRAWN, "withdrawal", {"reason": "另行通知"}, 2),
    ):
        asked = pact.upon_receiving(f"the {below} of an announcement").with_request("POST", f"{API}/{thing}/{below}")
        asked.with_header("Idempotency-Key", match.regex(thing, regex=_KEY)).with_header("If-Match", f'"{version}"')
        if body:
            asked.with_body(body, "application/json")
        asked.will_respond_with(200)
    return pact


def _text() -> dict[str, Any]:
    return {"text": match.str("请按时报送。"), "version": match.int(1)}


def _brief() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "status": "published",
        "edition": match.int(1),
        "title": match.str("关于报送材料的通知"),
        "shown_until": DAY,
        **dict.fromkeys(("corrects", "reason", "replaced_by")),
        "published_by": match.str("省自贸办管理员"),
        "published_at": INSTANT,
    }


def _watched(actions: list[str]) -> dict[str, Any]:
    counts = ("offices", "read_offices", "confirmed_offices", "readers", "confirmed")
    office = {"office": match.str("zone:hefei"), "name": match.str("合肥片区")}
    known: dict[str, Any] = {"drafted_by": match.str("省自贸办管理员"), "drafted_at": INSTANT}
    known |= {"must_confirm": True, "confirmed_at": None, "actions": actions}
    known |= {"addressed": match.each_like(office, min=1)}
    return _brief() | known | {"reach": dict.fromkeys(counts, match.int(0)) | {"reminded_at": None}}
