"""What the portal's pages ask the catalog for, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import ID, KEY, a_code, get, up_to


def catalog() -> Pact:
    """Portal → catalog."""
    pact = Pact("portal", "catalog")
    path, all_ = "/api/catalog/v1", {"limit": up_to(200)}
    get(pact, "a zone", f"{path}/zones/hefei", {}, _zone())
    get(pact, "the zones", f"{path}/zones", all_, {"items": match.array_containing([_zone()])})
    get(pact, "the plans", f"{path}/plans", all_, {"items": match.array_containing(_plans())})
    brief = {"plan": a_code("hefei"), "name": match.str("合肥片区实施方案"), "kind": "zone", "written_tasks": None}
    counts = {"announced_tasks": match.int(24), "published_tasks": match.int(0)}
    writable = {"items": match.array_containing([brief | counts | {"updated_at": None}])}
    get(pact, "the plans that may be written", f"{path}/manuscripts", all_, writable)
    whole = {"plan": "wuhu", "name": match.str("芜湖片区实施方案"), "kind": "zone", "version": match.int(0)} | counts
    written = {"begun": False, "tasks": match.like([]), "zones": match.like([]), "actions": match.like(["write"])}
    written |= {"status": "published", "returned": None, "next_number": match.int(1)}
    get(pact, "a plan that may be written", f"{path}/manuscripts/wuhu", {}, whole | written)
    waiting = {"status": "draft", "limit": up_to(200)}
    get(pact, "the drafts that wait for the province", f"{path}/editions", waiting, {"items": match.like([])})
    get(pact, "the unit of a department", f"{path}/units/swt", {}, {"name": match.str("省商务厅")})
    unit = {"code": a_code("hfs"), "name": match.str("合肥市"), "kind": "city", "aliases": match.like([])}
    cities = {"items": match.each_like(unit, min=1), "next": None}
    get(pact, "units of a kind", f"{path}/units", {"kind": "city", "limit": up_to(50)}, cities)
    given = {"name": f"契约检验公司 {ID}", "kind": "enterprise", "code": None, "aliases": [f"检验公司 {ID}"]}
    adding = pact.upon_receiving("a new unit").with_request("POST", f"{path}/units")
    adding.with_header("Idempotency-Key", match.regex(ID, regex=KEY)).with_body(given, "application/json")
    adding.will_respond_with(201).with_body({"code": a_code("jygs")}, "application/json")
    return pact


def _zone() -> dict[str, Any]:
    return {
        "code": "hefei",
        "name": match.str("合肥片区"),
        "kind": "zone",
        "city": {"code": a_code("hfs"), "name": match.str("合肥市")},
        "area_km2": match.number(64.95),
        "bonded_area_km2": match.number(1.4),
        "positioning": match.str("重点发展高端制造"),
        "industries": match.each_like(match.str("集成电路"), min=1),
        "announced": {"aspects": match.int(7), "tasks": match.int(24)},
        "closed_on": None,
        "closed_reason": None,
        "actions": match.like(["edit"]),
    }


def _plans() -> list[dict[str, Any]]:
    """A special one and a zone's."""
    plan = {"name": match.str("专项行动计划"), "number": match.int(1), "tasks": match.int(12)}
    announced = {"announced_aspects": match.int(7), "announced_tasks": match.int(24)}
    return [
        plan | {"code": a_code("1"), "kind": "special", "zone": None},
        plan | {"code": a_code("hefei"), "kind": "zone", "zone": a_code("hefei")} | announced,
    ]
