"""What the portal asks progress for on the pages of one filing, one indicator and one case."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import DAY, INSTANT, a_code, a_uuid, get

API = "/api/progress/v1"
FILING, CASE = "01890000-0000-7000-8000-0000000000b1", "01890000-0000-7000-8000-0000000000b2"
"""Stand for the ids of a filing to be written to which 省商务厅 gave its part, and of a published case of Hefei that
Wuhu takes over after it had declined.
"""
INDICATOR = "contract_compared"
"""Stands for the code of an indicator of which Hefei has values of two years."""
_A_DAY = match.regex("2026-11-24", regex=r"^\d{4}-\d\d-\d\d$")


def add(pact: Pact) -> None:
    get(pact, "a filing with the part of a member", f"{API}/filings/{FILING}", {}, _filing())
    point = {
        "period": match.regex("2026-01", regex=r"^\d{4}-\d\d$"),
        "value": match.str("12.5"),
        "year_before": match.str("10"),
        "change": match.str("25.0"),
        **dict.fromkeys(("change_zones", "zones")),
    }
    year = {"year": match.int(2026), "value": match.str("12.5"), "target": None, "mark": "no_target"}
    series = {
        "jurisdiction": "hefei",
        "points": match.array_containing([point]),
        "years": match.array_containing([year]),
    }
    get(pact, "the values of an indicator", f"{API}/indicators/{INDICATOR}/series", {"jurisdiction": "hefei"}, series)
    asked = {"case": CASE, "limit": match.regex("200", regex=r"^([1-9]\d?|1\d\d|200)$")}
    made = {"items": match.array_containing([_replication()])}
    get(pact, "what zones make of a case", f"{API}/replications", asked, made)


def _filing() -> dict[str, Any]:
    part = {"unit": "swt", **{name: match.str(name) for name in ("unit_name", "text", "written_by")}}
    task = {"number": match.int(1), "title": match.str("推进口岸开放"), "plan": {"name": match.str("扩大开放专项")}}
    line = {"id": a_uuid(), "jurisdiction": "hefei", "jurisdiction_name": match.str("合肥片区"), "task": task}
    period = {"id": a_uuid(), "title": match.str("四季度报告"), **dict.fromkeys(("due", "grace", "locks"), _A_DAY)}
    return {
        "id": FILING,
        "state": "open",
        "hold": "none",
        "office_name": match.str("合肥片区"),
        "received_on": None,
        "reopened_until": None,
        "approved": 0,
        "percent": match.int(0),
        **dict.fromkeys(("done", "problems", "next_steps"), ""),
        **dict.fromkeys(("finished", "unchanged"), False),
        **{name: [] for name in ("remarks", "queries", "versions", "differences", "steps")},
        "last": None,
        "reached": match.like([]),
        "parts": match.each_like(part | {"written_at": INSTANT}, min=1),
        "line": line,
        "period": period,
        "actions": ["fill", "submit"],
        "version": match.int(2),
    }


def _replication() -> dict[str, Any]:
    refusal = {"reason": match.str("没有综合窗口"), "on": DAY, "by": match.str("芜湖片区管理员")}
    texts = ("plan", "differences", "progress", "result", "effect_before", "effect_after")
    return {
        "zone": a_code("wuhu"),
        "zone_name": match.str("芜湖片区"),
        "state": match.regex("planned", regex=r"^(unanswered|planned|under_way|adopted|declined)$"),
        **dict.fromkeys(("due", "adopted_on")),
        **{name: match.str("") for name in texts},
        "figures": [],
        "retracted": False,
        "refusals": match.each_like(refusal, min=1),
    }
