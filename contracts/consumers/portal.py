"""What the portal's pages ask progress and notify for, and read of the answers."""

from typing import Any

from pact import Pact, match

from contracts.consumers import announcements, deadlines, details, offices, preferences, robots
from contracts.consumers.messages import DAY, ID, INSTANT, KEY, a_code, a_uuid, up_to
from contracts.consumers.messages import get as _get

UNTOUCHED = "a line to which nothing was done"
A_BULLETIN = "a bulletin for everybody"
A_DECISION = "a decision that Hefei leads"
AN_INDICATOR = "a value of an indicator with a target"
ONE_UNREAD = "one unread entry"
TURNS = "an order and a problem that wait for the office"
A_RETURN = "a returned report on a line without a deadline"
ATTACHED = "01890000-0000-7000-8000-00000000a77a"
"""Stands for the id of an order with an attachment of the office."""
AN_INVITATION = "a published case of another zone that waits for the answer"
A_CASE = "a published case that another zone will take over"
_DAY = match.regex("2026-11-24", regex=r"^\d{4}-\d\d-\d\d$")


def progress() -> Pact:
    """Portal → progress."""
    pact = Pact("portal", "progress")
    path = "/api/progress/v1/lines"
    pile = {"name": "returned", "count": match.int(9), "lines": match.array_containing([_returned()])}
    _get(
        pact, "the desk of an office", "/api/progress/v1/desk", {}, {"piles": match.array_containing([pile])}, A_RETURN
    )
    nothing: dict[str, Any] = {"items": match.like([])}
    for things, one in (("orders", _order()), ("problems", _problem())):
        query, found = {"waiting": "true", "limit": up_to(50)}, {"items": match.each_like(one, min=1), "next": None}
        _get(pact, f"{things} that wait", f"/api/progress/v1/{things}", query, found, TURNS)
    query, found = {"kind": "order", "thing": ATTACHED}, _attachments()
    _get(pact, "the attachments of an order", "/api/progress/v1/attachments", query, found)
    asked = {"items": match.each_like(_invitation(), min=1), "next": None}
    turn = {"waiting": "true", "limit": up_to(50)}
    _get(pact, "replications that wait", "/api/progress/v1/replications", turn, asked, AN_INVITATION)
    _get(pact, "missing values that wait", "/api/progress/v1/missing-values", turn, nothing | {"next": None})
    totals = {
        "href": match.str("/lines"),
        "lines": match.int(412),
        "overdue": match.int(0),
        "mean_percent": match.number(12.5),
        "by_state": {"confirmed": match.int(3)},
    }
    public = f"{path.removesuffix('/lines')}/public/cases"
    listed = pact.upon_receiving("the published cases, without a token").with_request("GET", public)
    listed.with_query_parameters({"limit": up_to(200)})
    listed.will_respond_with(200).with_body({"items": match.like([]), "next": None}, "application/json")
    cases, place = path.replace("/lines", "/cases"), path.replace("/lines", "/replications")
    _get(
        pact,
        "the cases of an office",
        cases,
        {"limit": up_to(200)},
        {"items": match.array_containing([_case()]), "next": None},
        A_CASE,
    )
    asked = {"items": match.array_containing([_replication()]), "next": None}
    _get(pact, "the replications of an office", place, {"limit": up_to(200)}, asked, A_CASE)
    bulletins = {"items": match.array_containing([_bulletin()]), "next": None}
    _get(pact, "the bulletins", "/api/progress/v1/bulletins", {"limit": up_to(200)}, bulletins, A_BULLETIN)
    decisions = {"items": match.array_containing([_decision()]), "next": None}
    _get(pact, "the decisions", "/api/progress/v1/decisions", {"limit": up_to(200)}, decisions, A_DECISION)
    _get(pact, "the jurisdictions", "/api/progress/v1/jurisdictions", {}, {"items": match.each_like(_place(), min=1)})
    indicators, found = "/api/progress/v1/indicators", {"items": match.array_containing([_indicator()]), "next": None}
    _get(pact, "the indicators of an office", indicators, {"limit": up_to(200)}, found, AN_INDICATOR)
    kind = match.regex("special", regex="^(special|zone|additional)$")
    plan = {"code": a_code("1"), "kind": kind, "number": match.int(1), "name": match.str("扩大开放专项行动计划")}
    whole = {
        "totals": totals,
        "jurisdictions": match.each_like({"code": a_code("hefei"), "name": match.str("合肥片区")}, min=1),
        "plans": match.each_like(plan, min=1),
    }
    _get(pact, "the overview", "/api/progress/v1/overview", {}, whole)
    _behind(pact)
    _days(pact)
    thresholds = {name: match.int(30) for name in ("near_days", "behind_percent", "stalled_days", "version")}
    changed = {"changed_by": match.str("省自贸办"), "changed_at": INSTANT}
    _get(pact, "the thresholds", "/api/progress/v1/thresholds", {}, thresholds | changed)
    waiting = {"waiting": "true", "limit": up_to(200)}
    _get(pact, "the filings that wait for the caller", "/api/progress/v1/filings", waiting, {"items": match.like([])})
    _report(pact)
    offices.add(pact)
    deadlines.add(pact, TURNS)
    details.add(pact)
    return pact


def _report(pact: Pact) -> None:
    said = {"done": "完成招标", "problems": "", "next_steps": "组织施工", "percent": 40, "finished": False}
    reporting = pact.upon_receiving("a report on a line").given(UNTOUCHED)
    reporting.with_request("POST", f"/api/progress/v1/lines/{ID}/reports").with_body(said, "application/json")
    reporting.with_header("If-Match", '"1"').with_header("Idempotency-Key", match.regex(ID, regex=KEY))
    reporting.will_respond_with(201)


def _case() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "zone_name": match.str("合肥片区"),
        "title": match.str("“一业一证”改革"),
        "state": match.regex("published", regex=r"^[a-z]+$"),
        "level": "provincial",
        "score": match.number(86.5),
        "updated_at": INSTANT,
    }


def _replication() -> dict[str, Any]:
    case = {"id": a_uuid(), "title": match.str("“一业一证”改革"), "zone_name": match.str("合肥片区")}
    return {
        "case": case | {"level": match.regex("provincial", regex=r"^(zone|provincial|recommended)$")},
        "zone_name": match.str("芜湖片区"),
        "state": match.regex("planned", regex=r"^(unanswered|planned|under_way|adopted|declined)$"),
        "due": None,
        "reason": match.str(""),
        "result": match.str(""),
        "retracted": False,
    }


def _invitation() -> dict[str, Any]:
    case = {"id": a_uuid(), "title": match.str("“一业一证”改革"), "zone_name": match.str("芜湖片区")}
    level = match.regex("provincial", regex=r"^(provincial|recommended)$")
    return {"case": case | {"level": level}, "zone": a_code("hefei"), "state": "unanswered"}


def _place() -> dict[str, Any]:
    return {"code": a_code("hefei"), "name": match.str("合肥片区")}


def _indicator() -> dict[str, Any]:
    return {
        "code": match.regex("fortune_500", regex=r"^[a-z][a-z0-9_]+$"),
        "name": match.str("新设企业数"),
        "measure": match.str("亿元"),
        "aggregation": match.regex("sum", regex=r"^(sum|average|none)$"),
        "status": "confirmed",
        "formula": None,
        "unit_name": match.str("省商务厅"),
        "latest": {"period": match.str("2026-01"), "value": match.str("12.5")},
        "standing": {
            "jurisdiction": match.str("hefei"),
            "value": match.str("12.5"),
            "target": match.str("100"),
            "share": match.str("12.5"),
            "mark": match.regex("under_way", regex=r"^(reached|missed|under_way)$"),
            "zones": None,
        },
    }


def _days(pact: Pact) -> None:
    """What changed, and trends."""
    path = "/api/progress/v1"
    states = {state: match.int(1) for state in ("not_started", "in_progress", "submitted", "confirmed", "suspended")}
    point = {
        "day": _DAY,
        "reconstructed": match.bool(False),
        "lines": match.int(412),
        "by_light": {light: match.int(1) for light in ("green", "yellow", "red", "blue")},
        "by_state": states,
        "mean_percent": match.number(12.5),
    }
    _get(
        pact,
        "a trend",
        f"{path}/trends",
        {},
        {"first_day": _DAY, "since": _DAY, "points": match.each_like(point, min=1)},
    )
    whats = ("came", "went", "state", "percent", "light", "due", "plan", "units", "leads")
    counted = {"lines": match.int(3), "by_what": {what: match.int(1) for what in whats}, "turns": match.like([])}
    _get(pact, "how much changed", f"{path}/changes/summary", {}, counted | {"since": _DAY, "until": _DAY})
    stood: dict[str, Any] = {
        "state": match.str("in_progress"),
        "light": match.str("green"),
        "percent": match.int(40),
        "due": None,
    }
    stood |= {"plan": match.str("专项行动计划")}
    stood |= {name: match.each_like(match.str("省商务厅"), min=1) for name in ("units", "leads")}
    change = {
        "what": match.str("came"),
        "times": match.int(1),
        "at": INSTANT,
        **{name: match.str(name) for name in ("entry", "actor", "office")},
        "office_name": None,
        "reason": None,
    }
    came = _line() | {"before": None, "after": stood, "changes": [change]}
    found = {"items": match.array_containing([came]), "next": None}
    _get(pact, "what changed", f"{path}/changes", {"limit": up_to(200)}, found)


def _behind(pact: Pact) -> None:
    """Of what is not there nothing can be promised but the list."""
    late: dict[str, Any] = {name: match.int(1) for name in ("lines", "orders", "filings")}
    late |= {"office": match.regex("zone:hefei", regex=r"^(zone|unit):.+$"), "office_name": match.str("合肥片区")}
    found = {"items": match.like([late], min=0)}
    _get(pact, "what offices are behind with", "/api/progress/v1/overview/offices", {}, found)


def notify() -> Pact:
    """Portal → notify."""
    pact = Pact("portal", "notify")
    path, entry = "/api/notify/v1/inbox", _entry()
    newest = {"items": match.each_like(entry, min=1)}
    _get(pact, "the newest entries", path, {"limit": up_to(5)}, newest, ONE_UNREAD)
    unread = {"items": match.each_like(entry | {"read": False}, min=1), "next": None, "unread": match.int(1)}
    _get(pact, "the unread entries", path, {"unread": "true", "limit": up_to(20)}, unread, ONE_UNREAD)
    for section in ("today", "overdue", "earlier"):
        query = {"section": section, "limit": up_to(20)}
        found: Any = {"items": match.like([]), "unread": match.int(1), "overdue": match.int(0)}
        _get(pact, f"the entries of the section {section}", path, query, found, ONE_UNREAD)
    query, found = {"thing": f"/lines/{ID}", "limit": up_to(21)}, {"items": match.like([]), "next": None}
    _get(pact, "what was told of a thing", path, query, found)
    _get(pact, "the number for the bell", f"{path}/summary", {}, {"unread": match.int(1)}, ONE_UNREAD)
    until = {"until": INSTANT}
    for what, where, body in (("one entry", f"{path}/{ID}/reading", None), ("all entries", f"{path}/reading", until)):
        interaction = pact.upon_receiving(f"reading {what}").given(ONE_UNREAD).with_request("POST", where)
        interaction.with_header("Idempotency-Key", match.regex(f"{ID}:{what[:3]}", regex=KEY))
        if body:
            interaction.with_body(body, "application/json")
        interaction.will_respond_with(200).with_body({"unread": match.int(0)}, "application/json")
    preferences.add(pact)
    robots.add(pact)
    announcements.add(pact)
    return pact


def _returned() -> dict[str, Any]:
    return _line() | {
        "due": None,
        "first_due": None,
        "due_changes": match.int(0),
        "stalled_on": None,
        "red_on": None,
        "light": "green",
        "state": match.regex("in_progress", regex=r"^(not_started|in_progress)$"),
        "percent": match.int(40),
    }


def _line() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "jurisdiction_name": match.str("合肥片区"),
        "task": {
            "number": match.int(1),
            "title": match.str("推进口岸开放"),
            "plan": {"name": match.str("扩大开放专项行动计划")},
        },
    }


def _order() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "title": match.str("抓紧推进口岸开放"),
        "number": match.str("〔2026〕1号"),
        "lead": {"name": match.str("合肥片区")},
        "state": match.regex("issued", regex=r"^(issued|in_hand)$"),
        "colour": None,
        "sign_due": DAY,
        "deadline": DAY,
        "answered_on": None,
    }


def _attachments() -> dict[str, Any]:
    one = {
        "id": a_uuid(),
        "kind": "order",
        "thing_id": a_uuid(),
        "name": match.str("佐证材料.pdf"),
        "type": "application/pdf",
        "size": match.int(33),
        "sha256": match.regex("0" * 64, regex="^[0-9a-f]{64}$"),
        "office_name": match.str("合肥片区"),
        "added_by": match.str("合肥片区管理员"),
        "added_at": INSTANT,
        "removed_at": None,
        "frozen": False,
        "version": 1,
        "actions": ["remove"],
    }
    limits = {"bytes": match.int(50), "files": match.int(20), "extensions": match.each_like(match.str("pdf"), min=1)}
    return {"items": match.array_containing([one]), "actions": ["add"], "limits": limits}


def _problem() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "title": match.str("用地指标不足"),
        "raiser": {"name": match.str("合肥片区")},
        "addressee": {"name": match.str("省自贸办")},
        "state": "answered",
        "answer_due": DAY,
        "answered_on": DAY,
        "long_overdue": match.bool(False),
    }


def _bulletin() -> dict[str, Any]:
    day = match.regex("2026-10-31", regex=r"^\d{4}-\d\d-\d\d$")
    return {
        "id": a_uuid(),
        "status": "published",
        "title": match.str("十月通报"),
        "year": match.int(2026),
        "number": match.int(3),
        "since": day,
        "until": day,
        "corrects_name": None,
        "published_by": match.str("省自贸办"),
        "published_at": INSTANT,
    }


def _decision() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "meeting_title": match.str("领导小组会议"),
        "number": match.int(1),
        "text": match.str("建设保税仓库"),
        "office_name": match.str("合肥片区"),
        "due": match.regex("2026-12-31", regex=r"^\d{4}-\d\d-\d\d$"),
        "status": match.regex("open", regex=r"^(open|noted|ordered|proposed|done)$"),
        "standing": match.regex("open", regex=r"^(open|overdue|done)$"),
        "outcome": None,
    }


def _entry() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        **{name: match.str(name) for name in ("title", "title_en", "body", "body_en")},
        "href": match.regex(f"/lines/{ID}", regex=r"^/.*$"),
        "at": INSTANT,
        "read": match.bool(False),
        "thing": match.regex(f"/lines/{ID}", regex=r"^.+$"),
        "entries": match.int(2),
        "unread_entries": match.int(1),
    }
