"""What the pages of integrators ask the services for, as the security administrator, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers import webhooks
from contracts.consumers.messages import INSTANT, a_code, a_uuid, get

API, PEOPLE = "/api/notify/v1/integrators", "/api/catalog/v1/people"
PERSON = "01890000-0000-7000-8000-0000000000e1"
"""Stands for the administrator of a zone."""
CLIENT, ROTATED = "contract-granted", "contract-rotated"
"""Stand for two integrators that are as they were registered: with Hefei, and in step."""
_KEY = r"^[!-~]{1,128}$"
_URL = r"^https?://.+$"
_PAGE = match.regex("50", regex=r"^([1-9]\d?|1\d\d|200)$")


def catalog() -> Pact:
    """Pages of integrators → catalog."""
    pact = Pact("portal-security", "catalog")
    zone = {"code": a_code("hefei"), "name": match.str("合肥片区")}
    brief = {
        "id": a_uuid(),
        "username": match.str("hefei.admin"),
        "name": match.str("合肥片区管理员"),
        "email": match.str("hefei.admin@zoneportal.internal"),
        "enabled": match.bool(True),
        "office": match.str("zone:hefei"),
        "roles": match.each_like(a_code("city"), min=1),
    }
    office = {"office": match.str("zone:hefei"), "name": match.str("合肥片区"), "roles": match.each_like("city", min=1)}
    people = {"items": match.each_like(brief, min=1), "offices": match.each_like(office, min=1)}
    get(
        pact,
        "the people of a zone",
        PEOPLE,
        {"office": "zone:hefei", "limit": _PAGE},
        people | {"next": None, "total": match.int(1)},
    )
    get(pact, "the offices", PEOPLE, {"limit": "1"}, people)
    person = brief | {"id": PERSON, "version": match.int(1), "grantable": match.each_like(a_code("city"), min=1)}
    person |= {"second_factors": match.like([]), "sessions": match.each_like(_session(), min=1)}
    get(pact, "a person", f"{PEOPLE}/{PERSON}", {}, person | {"actions": match.each_like(match.str("block"), min=1)})
    demands = {"roles": match.like([]), "open": match.each_like(a_code("city"), min=1), "version": match.int(1)}
    get(pact, "of whom a second factor is demanded", "/api/catalog/v1/second-factors", {}, demands)
    get(pact, "the zones", "/api/catalog/v1/zones", {"limit": _PAGE}, {"items": match.each_like(zone, min=1)})
    return pact


def notify() -> Pact:
    """Pages of integrators and of their webhooks → notify."""
    pact = Pact("portal-security", "notify")
    brief = _brief(a_code(CLIENT)) | {"tenants": match.like([]), "steps": match.like([])}
    get(pact, "the integrators", API, {"limit": _PAGE}, {"items": match.each_like(brief, min=1), "next": None})
    get(pact, "an integrator", f"{API}/{CLIENT}", {}, _whole(CLIENT))
    granting = _changing(pact, "a further grant", "PATCH", CLIENT)
    granting.with_body({"tenants": ["hefei", "wuhu"]}, "application/json")
    granting.will_respond_with(200).with_body({"client": CLIENT}, "application/json")
    rotating = _changing(pact, "a new secret", "POST", ROTATED, "/secret")
    rotating.will_respond_with(201).with_body({"secret": match.str("c2VjcmV0")}, "application/json")
    webhooks.add(pact)
    return pact


def _session() -> dict[str, Any]:
    return {
        "id": match.regex("a-Session_1", regex=r"^[A-Za-z0-9_-]+$"),
        "address": match.str("192.0.2.1"),
        "since": INSTANT,
        "last": INSTANT,
        "clients": match.each_like(a_code("zoneportal-cli"), min=1),
    }


def _changing(pact: Pact, what: str, method: str, client: str, below: str = "") -> Any:
    asked = pact.upon_receiving(what).with_request(method, f"{API}/{client}{below}")
    return asked.with_header("Idempotency-Key", match.regex(client, regex=_KEY)).with_header("If-Match", '"1"')


def _brief(client: Any) -> dict[str, Any]:
    state = match.regex("in_step", regex="^(in_step|waiting|failed)$")
    step = {"system": match.regex("kafka", regex="^(kafka|keycloak)$"), "state": state}
    return {
        "client": client,
        "name": match.str("市数据平台"),
        "tenants": match.each_like(a_code("hefei"), min=1),
        "suspended": match.bool(False),
        "removed": match.bool(False),
        "steps": match.each_like(step, min=1),
    }


def _whole(client: str) -> dict[str, Any]:
    step = {"system": match.regex("kafka", regex="^(kafka|keycloak)$"), "state": "in_step", "done_at": INSTANT}
    access = {
        "token_url": match.regex("http://gateway/token", regex=_URL),
        "events_url": match.regex("http://gateway/events", regex=_URL),
        "kafka": match.regex("localhost:9094", regex=r"^.+:\d+$"),
        "topics": match.each_like(match.regex("progress.hefei", regex=r"^progress\..+$"), min=1),
        "group_prefix": f"{client}.",
    }
    return _brief(client) | {
        "contact": match.str("data@zoneportal.internal"),
        "version": match.int(1),
        "secret_at": None,
        "steps": match.each_like(step | {"error": None, "next_try": None}, min=1),
        "access": access,
        "actions": match.each_like(match.str("edit"), min=1),
    }
