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
_UP_TO = match.regex("200", regex=r"^([1-9]\d?|1\d\d|200)$")
_A_DAY = match.regex("2026-11-24", regex=r"^\d{4}-\d\d-\d\d$")


def add(pact: Pact) -> None:
    get(pact, "a filing with the part of a member", f"{API}/filings/{FILING}", {}, _filing())
    known = {"jurisdiction": "hefei", "limit": _UP_TO}
    get(pact, "the indicators beside a filing", f"{API}/indicators", known, {"items": match.like([])})
    for kind, thing in (("filing", FILING), ("case", CASE)):
        attached = {"kind": kind, "thing": thing}
        limits = {
            "bytes": match.int(50),
            "files": match.int(20),
            "extensions": match.each_like(match.str("pdf"), min=1),
        }
        found = {"items": match.like([]), "actions": match.like([]), "limits": limits}
        get(pact, f"the attachments of a {kind}", f"{API}/attachments", attached, found)
    _indicator(pact)
    _case(pact)


def _indicator(pact: Pact) -> None:
    path = f"{API}/indicators/{INDICATOR}"
    standing = {
        "jurisdiction": "hefei",
        "jurisdiction_name": match.str("合肥片区"),
        "value": match.str("12.5"),
        **dict.fromkeys(("target", "share", "zones")),
        "mark": "no_target",
    }
    whole = {
        "code": INDICATOR,
        "unit": "swt",
        "status": "confirmed",
        "kind": "flow",
        "aggregation": "sum",
        "direction": "up",
        "period": "month",
        **{name: match.str(name) for name in ("name", "name_en", "measure", "unit_name", "source")},
        **dict.fromkeys(("formula", "sentence")),
        "standings": match.array_containing([standing]),
        "recordable": ["hefei"],
        "targets": [],
        "actions": match.like(["record"]),
        "version": match.int(2),
    }
    get(pact, "an indicator", path, {}, whole)
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
    get(pact, "an indicator by year and period", f"{path}/series", {}, series)
    value = {
        "id": a_uuid(),
        **{name: match.str(name) for name in ("jurisdiction_name", "measure", "by", "note")},
        "period": match.str("2026-01"),
        "value": match.str("12.5"),
        "office": "zone:hefei",
        "at": INSTANT,
        "version": match.int(1),
        "warnings": [],
        "explanation": match.str(""),
    }
    recorded = {"items": match.each_like(value, min=1), "next": None}
    get(pact, "the values of an indicator", f"{path}/values", {"limit": _UP_TO}, recorded)
    missing: dict[str, Any] = {"items": match.like([]), "next": None}
    get(pact, "missing values of one", f"{API}/missing-values", {"indicator": INDICATOR, "limit": _UP_TO}, missing)


def _case(pact: Pact) -> None:
    path = f"{API}/cases/{CASE}"
    texts = ("title", "background", "practice", "effect_before", "effect_after", "preconditions", "drafted_by")
    case: dict[str, Any] = {
        "id": CASE,
        "zone": "hefei",
        "zone_name": match.str("合肥片区"),
        "state": "published",
        "level": "provincial",
        "score": match.number(86.5),
        **dict.fromkeys(("submitted_on", "approved_on", "published_on"), _A_DAY),
        **{name: match.str(name) for name in texts},
        "credit": match.str(""),
        **{name: [] for name in ("figures", "tasks", "evidence", "actions")},
        **dict.fromkeys(("remark", "reason")),
        "version": match.int(6),
    }
    get(pact, "a case", path, {}, case)
    round_: dict[str, Any] = {
        "number": 1,
        "due": None,
        "opened_by": match.str("省自贸办管理员"),
        **dict.fromkeys(("opened_on", "concluded_on"), _A_DAY),
        "withdrawn_on": None,
        "score": match.number(86.5),
        "scores": [],
    }
    get(pact, "the rounds of a case", f"{path}/rounds", {}, {"items": [round_]})
    asked = {"case": CASE, "limit": _UP_TO}
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
        **dict.fromkeys(("received_on", "reopened_until", "saved_at", "saved_by", "last")),
        "approved": 0,
        "percent": match.int(0),
        **dict.fromkeys(("done", "problems", "next_steps"), ""),
        **dict.fromkeys(("finished", "unchanged"), False),
        **{name: [] for name in ("remarks", "queries", "versions", "differences", "steps")},
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
