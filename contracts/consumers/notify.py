"""What notify reads of the events of progress and of the catalog (``notify.inbox.rules``)."""

from typing import Any

from pact import Pact, match

from contracts.consumers import reporting
from contracts.consumers.messages import DAY, a_code, a_uuid, expect

_PREFIX = "zoneportal.progress."
_ACTING = r"^((zone|unit):[a-z0-9-]+|role:province|clock)$"
ORDER_STEPS = (
    *("issued", "signed", "replied", "urged", "extension_asked", "extension_approved", "extension_refused"),
    *("applied", "returned", "concluded", "verified", "closed", "revoked"),
)
PROBLEM_STEPS = (
    *("raised", "answered", "followed_up", "escalated", "settled", "withdrawn"),
    *("due_soon", "overdue", "long_overdue"),
)
CORRECTED = "2099-06-01"
_OFFICE = match.regex("zone:huangshan", regex=r"^(zone|unit):[a-z0-9-]+$")


def progress() -> Pact:
    """Notify → progress."""
    pact = Pact("notify", "progress")
    for what in ("opened", "updated", "withdrawn"):
        body = {"line": _line()} | ({} if what == "updated" else {"edition": match.int(1)})
        expect(pact, f"a line that an edition has {what}", f"{_PREFIX}line.{what}.v1", body)
    for what in ("progressed", "resumed"):
        expect(pact, f"a line that {what}", f"{_PREFIX}line.{what}.v1", {"line": _line()})
    suspended = {"line": _line(), "reason": match.str("规划调整")}
    expect(pact, "a line that is suspended", f"{_PREFIX}line.suspended.v1", suspended)
    _reports(pact)
    for what in ORDER_STEPS:
        expect(pact, f"an order that is {what}", f"{_PREFIX}order.{what}.v1", {"order": _order(), "step": _step()})
    for what in PROBLEM_STEPS:
        body = {"problem": _problem(), "step": _step()}
        expect(pact, f"a problem that is {what}", f"{_PREFIX}problem.{what}.v1", body)
    _cases(pact)
    bulletin = {"id": a_uuid(), "title": match.str("十月通报"), "year": match.int(2026), "number": match.int(3)}
    told = {"bulletin": bulletin | {"corrects_name": None}, "audiences": match.each_like(_OFFICE, min=1)}
    expect(pact, "a bulletin that is published", f"{_PREFIX}bulletin.published.v1", told)
    _decisions(pact)
    handover = {"id": a_uuid(), "office": _OFFICE, "count": match.int(3)}
    handover |= {name: match.str("张三") for name in ("giver", "receiver")}
    expect(pact, "a handover that is made", f"{_PREFIX}handover.made.v1", {"handover": handover})
    comment: dict[str, Any] = {"author": match.str("张三"), "office_name": match.str("合肥片区")}
    mention = {"office": _OFFICE, "person": match.str("李四")}
    comment |= {"mentions": match.each_like(mention, min=1)}
    expect(pact, "a comment that is made", f"{_PREFIX}comment.made.v1", {"line": _line(), "comment": comment})
    expect(pact, "a comment that is withdrawn", f"{_PREFIX}comment.withdrawn.v1", {"line": _line()})
    reporting.schedules(pact, _line())
    reporting.periods(pact, _line())
    reporting.assessments(pact)
    reporting.reminders(pact)
    revised = f"{_PREFIX}indicator_value.revised.v1"
    expect(pact, "a value of an indicator that is revised", revised, {"indicator_value": _value()})
    for what in ("due_soon", "overdue"):
        body = {"missing_value": _missing_value()}
        expect(pact, f"a missing value that is {what}", f"{_PREFIX}missing_value.{what}.v1", body)
    days = {CORRECTED: match.bool(False)}
    year = {"setting": "calendar", "key": {"year": match.int(2099)}, "values": {"days": days}}
    expect(pact, "a year that is corrected", f"{_PREFIX}setting.changed.v1", {"setting": year}, "calendar/2099")
    return pact


def catalog() -> Pact:
    """Notify → catalog."""
    pact = Pact("notify", "catalog")
    for what, code, name in (("zone", "huangshan", "黄山联动创新区"), ("unit", "swt", "省商务厅")):
        known = {"code": a_code(code), "name": match.str(name)}
        expect(pact, f"a {what}", f"zoneportal.catalog.{what}.published.v1", known)
    for what, office in (
        ("submitted", "zone:huangshan"),
        ("returned", "role:province"),
        ("published", "role:province"),
        ("discarded", "role:province"),
    ):
        manuscript = {
            "name": match.str("黄山联动创新区实施方案"),
            "zone": a_code("huangshan"),
            "office": match.regex(office, regex=_ACTING),
        }
        written = what in ("returned", "discarded")
        manuscript |= {"plan": a_code("huangshan")} if written else {"edition": a_uuid()}
        if what == "returned":
            manuscript["remarks"] = match.str("请补充责任单位")
        body = {"manuscript": manuscript}
        expect(pact, f"a manuscript that is {what}", f"zoneportal.catalog.manuscript.{what}.v1", body)
    return pact


def _decisions(pact: Pact) -> None:
    decision = {"id": a_uuid(), "office": _OFFICE, "text": match.str("建设保税仓库")}
    decision |= {"meeting_title": match.str("领导小组会议")}
    told: dict[str, dict[str, Any]] = {
        **{what: {"due": match.date("2026-12-31")} for what in ("made", "due_soon", "overdue")},
        "completed": {"outcome": match.str("已建成")},
    }
    for what, more in told.items():
        expect(pact, f"a decision that is {what}", f"{_PREFIX}decision.{what}.v1", {"decision": decision | more})


def _reports(pact: Pact) -> None:
    review = {"unit": a_code("swt"), "opinion": match.regex("agree", regex=r"^(agree|object)$"), "remark": "属实"}
    told: dict[str, dict[str, Any]] = {
        "submitted": {},
        "confirmed": {"remark": match.str("同意")},
        "returned": {"reason": match.str("缺少佐证材料")},
        "reviewed": {"review": match.like(review)},
    }
    for what, more in told.items():
        body = {"line": _line(), "report": _report() | more}
        expect(pact, f"a report that is {what}", f"{_PREFIX}report.{what}.v1", body)


def _cases(pact: Pact) -> None:
    place = {"code": a_code("wuhu")}
    told: dict[str, dict[str, Any]] = {
        "submitted": {},
        **{what: {"case": {"id": a_uuid(), "zone": a_code("huangshan")}} for what in ("scored", "concluded")},
        "invited": {
            "case": _case() | {"state": "evaluating"},
            "units": match.each_like({"code": a_code("swt")}, min=1),
            "due": None,
        },
        "approved": {"case": _case() | {"level": match.regex("provincial", regex=r"^(zone|provincial|recommended)$")}},
        **{
            what: {"case": _case() | {"state": match.str(what)}, "reason": match.str("已有先例")}
            for what in ("returned", "rejected")
        },
        "published": {"zones": match.each_like(place, min=1)},
    }
    for what, more in told.items():
        expect(pact, f"a case that is {what}", f"{_PREFIX}case.{what}.v1", {"case": _case()} | more)
    for what, happened, state, concerned in (
        ("withdrawn", "returned", "draft", {"units": match.each_like({"code": a_code("swt")}, min=1)}),
        ("retracted", "rejected", "retracted", {"zones": match.each_like(place | {"replication": "planned"}, min=1)}),
    ):
        body = {"case": _case() | {"state": state}, "reason": match.str("政策已调整")}
        expect(pact, f"a case that is {what}", f"{_PREFIX}case.{happened}.v1", body | concerned)
    states = ("planned", "under_way", "adopted", "declined")
    for what in (*states, "reminded", "escalated", "late"):
        state = {"late": "planned", "reminded": "unanswered", "escalated": "unanswered"}.get(what, what)
        body = {
            "id": a_uuid(),
            "case": _case("hefei", "合肥片区"),
            "zone": a_code("huangshan"),
            "zone_name": match.str("黄山联动创新区"),
        }
        body |= {"state": state} if what != "escalated" else {}
        body |= {"reason": match.str("没有综合窗口" if state == "declined" else "")} if what in states else {}
        body |= {"due": DAY} if what == "late" else {}
        happened = "reminded" if what == "late" else what
        expect(pact, f"a replication that is {what}", f"{_PREFIX}replication.{happened}.v1", {"replication": body})


def _case(zone: str = "huangshan", name: str = "黄山联动创新区") -> dict[str, Any]:
    return {"id": a_uuid(), "zone": a_code(zone), "zone_name": match.str(name), "title": match.str("一业一证")}


def _value() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "jurisdiction": a_code("huangshan"),
        "jurisdiction_name": match.str("黄山联动创新区"),
        "unit": a_code("swt"),
        "office": _OFFICE,
        "indicator_name": match.str("新设企业数"),
        "measure": match.str("家"),
        "period": match.str("2026-Q1"),
        "value": match.str("12.5"),
        "reason": match.str("口径调整"),
    }


def _missing_value() -> dict[str, Any]:
    due = match.regex("2026-12-14", regex=r"^\d{4}-\d\d-\d\d$")
    return {"id": a_uuid(), "jurisdiction": a_code("huangshan"), "unit": None, "office": _OFFICE, "due": due}


def _line() -> dict[str, Any]:
    unit = {
        "code": a_code("swt"),
        "name": match.str("省商务厅"),
        "role": match.regex("lead", regex=r"^(lead|member)$"),
    }
    return {
        "id": a_uuid(),
        "jurisdiction": a_code("huangshan"),
        "jurisdiction_name": match.str("黄山联动创新区"),
        "task": {"title": match.str("推进口岸开放")},
        "light": match.regex("green", regex=r"^(green|yellow|red|blue)$"),
        "units": match.each_like(unit, min=1),
    }


def _party(office: str) -> dict[str, Any]:
    return {"office": match.regex(office, regex=_ACTING)}


def _order() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "jurisdiction": a_code("huangshan"),
        "number": match.str("〔2026〕1号"),
        "title": match.str("抓紧推进口岸开放"),
        "lead": _party("zone:huangshan"),
        "members": match.each_like(_party("unit:swt"), min=1),
    }


def _problem() -> dict[str, Any]:
    return {
        "id": a_uuid(),
        "jurisdiction": a_code("huangshan"),
        "line_id": None,
        "title": match.str("用地指标不足"),
        "raiser": _party("zone:huangshan"),
        "addressee": _party("unit:swt"),
    }


def _step() -> dict[str, Any]:
    return {
        "office": match.regex("role:province", regex=_ACTING),
        "office_name": match.str("省自贸办"),
        "text": match.str("请抓紧办理"),
        "level": None,
    }


def _report() -> dict[str, Any]:
    said = dict.fromkeys(("reason", "remark", "review"))
    return {"id": a_uuid(), "office": _OFFICE, "percent": match.int(40), "finished": match.bool(False), **said}
