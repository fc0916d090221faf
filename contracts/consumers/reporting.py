"""What notify reads of schedules, periods, filings and assessments (``notify.inbox``)."""

from typing import Any

from pact import Pact, match

from contracts.consumers.messages import a_uuid, expect

_PREFIX = "zoneportal.progress."
_OFFICE = match.regex("zone:huangshan", regex=r"^(zone|unit):[a-z0-9-]+$")
_DAY = match.regex("2026-12-31", regex=r"^\d{4}-\d\d-\d\d$")


def schedules(pact: Pact, line: dict[str, Any]) -> None:
    """Extensions, milestones past their day, lines that stand still."""
    extension = {"id": a_uuid(), "office": _OFFICE, "deadline": _DAY, "cause": match.str("审批延后")}
    told: dict[str, dict[str, Any]] = {
        **{what: {"before": _DAY} for what in ("asked", "moved")},
        **{what: {"remark": match.str("请抓紧")} for what in ("approved", "refused")},
    }
    for what, more in told.items():
        body = {"line": line, "extension": extension | more}
        expect(pact, f"an extension that is {what}", f"{_PREFIX}extension.{what}.v1", body)
    overdue = {"line": line, "milestone": {"id": a_uuid()}}
    expect(pact, "a milestone that is overdue", f"{_PREFIX}milestone.overdue.v1", overdue)
    expect(pact, "a line that stands still", f"{_PREFIX}line.stalled.v1", {"line": line | {"moved_on": _DAY}})


def periods(pact: Pact, line: dict[str, Any]) -> None:
    """Periods with what offices owe in them, filings that came back."""
    period = {
        "id": a_uuid(),
        "title": match.str("2026年第四季度"),
        **dict.fromkeys(("due", "grace", "locks"), _DAY),
        "reason": match.str(""),
    }
    owing = match.each_like({"office": _OFFICE, "filings": match.int(3)}, min=1)
    for what in ("opened", "due_soon", "overdue"):
        body = {"period": period, "jurisdiction": match.str("huangshan"), "offices": owing}
        expect(pact, f"a period that is {what}", f"{_PREFIX}period.{what}.v1", body)
    for what in ("submitted", "accepted", "approved"):
        body = {"line": line, "filing": {"id": a_uuid()}}
        expect(pact, f"a filing that is {what}", f"{_PREFIX}filing.{what}.v1", body)
    filing = {"id": a_uuid(), "office": _OFFICE}
    came = {"line": line, "filing": filing, "period": {"id": a_uuid()}, "owed": match.int(0)}
    expect(pact, "a filing that is checked", f"{_PREFIX}filing.checked.v1", came)
    filed = {"line": line, "filing": {"id": a_uuid(), "office": _OFFICE}, "period": {"title": match.str("第四季度")}}
    for what in ("returned", "reopened"):
        body = filed | {"remark": match.str("请补充佐证材料")}
        expect(pact, f"a filing that is {what}", f"{_PREFIX}filing.{what}.v1", body)


def reminders(pact: Pact) -> None:
    """Deadlines that come, and that have passed."""
    due = {
        "kind": match.regex("line", regex="^(line|milestone|period|order)$"),
        "thing": a_uuid(),
        "line_id": a_uuid(),
        "title": match.str("推进口岸开放"),
        "deadline": _DAY,
    }
    for what, step, level in (("due_soon", -3, "writer"), ("overdue", 7, "province")):
        reminder = {
            "office": _OFFICE,
            "office_name": match.str("黄山联动创新区"),
            "jurisdiction": match.str("huangshan"),
            "due": match.each_like(due | {"step": match.int(step), "level": match.str(level)}, min=1),
        }
        expect(pact, f"a reminder that is {what}", f"{_PREFIX}reminder.{what}.v1", {"reminder": reminder})


def assessments(pact: Pact) -> None:
    """Assessments with the offices that were assessed, objections."""
    assessment = {
        "id": a_uuid(),
        "year": match.int(2026),
        "title": match.str("年度考评方案"),
        "offices": match.each_like(_OFFICE, min=1),
    }
    published = assessment | {"objections_until": _DAY}
    for what, about in (("announced", assessment), ("published", published), ("closed", assessment)):
        expect(pact, f"an assessment that is {what}", f"{_PREFIX}assessment.{what}.v1", {"assessment": about})
    objected: dict[str, Any] = {"assessment": {name: assessment[name] for name in ("id", "year", "title")}}
    for what, said in (("raised", "text"), ("answered", "answer")):
        body = objected | {"objection": {"office": _OFFICE, said: match.str("漏计一项")}}
        expect(pact, f"an objection that is {what}", f"{_PREFIX}objection.{what}.v1", body)
    for what, said in (("granted", "reason"), ("lifted", "lifted_reason")):
        granted: dict[str, Any] = {"office": _OFFICE, "title": match.str("建设保税仓库"), said: match.str("规划调整")}
        expect(pact, f"an exemption that is {what}", f"{_PREFIX}exemption.{what}.v1", objected | {"exemption": granted})
