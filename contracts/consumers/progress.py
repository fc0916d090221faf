"""What progress reads of the catalog's events (``progress.catalog_copy.schemas``)."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import a_code, a_uuid, expect

_PREFIX = "zoneportal.catalog."
_UNIT = {"code": a_code("hsjcj"), "name": match.str("黄山机场集团"), "kind": match.str("enterprise")}
_CITY = {"code": a_code("hss"), "name": match.str("黄山市"), "kind": match.str("city")}
_PLAN = {
    "code": a_code("n91"),
    "number": match.int(91),
    "name": match.str("扩大开放补充行动计划"),
    "kind": match.regex("additional", regex=r"^(special|zone|additional)$"),
}


def catalog() -> Pact:
    """Progress → catalog."""
    pact = Pact("progress", "catalog")
    zone = {
        "id": a_uuid(),
        "code": a_code("huangshan"),
        "name": match.str("黄山联动创新区"),
        "kind": match.regex("linked", regex=r"^(zone|linked)$"),
    }
    place = {"code": a_code("hss"), "name": match.str("黄山市")}
    expect(pact, "a zone with its city", f"{_PREFIX}zone.published.v1", zone | {"city": place})
    expect(pact, "a zone without a city", f"{_PREFIX}zone.published.v1", zone | {"city": None})
    day = match.regex("2026-11-24", regex=r"^\d{4}-\d\d-\d\d$")
    closed = {"city": None, "closed_on": day, "closed_reason": match.str("片区调整")}
    expect(pact, "a closed zone", f"{_PREFIX}zone.published.v1", zone | closed)
    unit = {"id": a_uuid(), **_UNIT, "aliases": match.each_like(match.str("黄山机场"), min=1)}
    expect(pact, "a unit", f"{_PREFIX}unit.published.v1", unit)
    expect(pact, "a plan", f"{_PREFIX}plan.published.v1", {"id": a_uuid(), **_PLAN})
    expect(pact, "a task", f"{_PREFIX}task.published.v1", _task())
    expect(pact, "a withdrawn task", f"{_PREFIX}task.withdrawn.v1", _task())
    return pact


def _task() -> dict[str, Any]:
    """Led by a department, with a zone's city as a member."""
    return {
        "id": a_uuid(),
        "code": a_code("n91-1"),
        "number": match.int(1),
        "title": match.str("推进口岸开放"),
        "text": match.str("推进口岸开放，扩大进口。"),
        "plan": _PLAN,
        "responsibilities": match.array_containing(
            [
                {"unit": _UNIT, "role": "lead", "position": match.int(1), "zone": None},
                {"unit": _CITY, "role": "member", "position": match.int(2), "zone": a_code("huangshan")},
            ]
        ),
        "zones": match.each_like(a_code("huangshan"), min=1),
        "due": match.regex("2030-06-30", regex=r"^\d{4}-\d\d-\d\d$"),
        "edition": match.int(1),
    }
