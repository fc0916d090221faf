"""The lists of the progress service as Excel."""

from collections.abc import Mapping, Sequence
from typing import Any

from portal.exports.columns import Column, Listed, Row, at, day, figure, mark, moment, names, several, word, yes
from portal.indicators import words as indicators
from portal.lines.words import FIELDS, HAPPENED, said
from portal.past import rules as past
from portal.web import words
from portal.web.language import t, told

API = "/api/progress/v1"


def _changed(changes: Sequence[Mapping[str, Any]], name: str, known: Mapping[str, words.Both]) -> str:
    """``完成比例：10% → 40%``, a line for each."""
    return "\n".join(
        f"{words.word(dict(known), each[name])}{t('：', ': ')}{said(each[name], each['before'])}"
        f" → {said(each[name], each['after'])}"
        for each in changes
    )


def _number(bulletin: Row) -> str | None:
    """``〔2026〕3号``."""
    return f"〔{bulletin['year']}〕{bulletin['number']}{t('号', '')}" if bulletin["number"] else None


def _resting(fact: Row) -> Sequence[Row]:
    """With what it rests on: the approved filing, or else the confirmed report."""
    told, act = fact["filing"] or fact["report"], "approved" if fact["filing"] else "decided"
    return [{**fact, "rest": told and {"done": told["done"], "by": told[f"{act}_by"], "at": told[f"{act}_at"]}}]


LISTS: Mapping[str, Listed] = {
    "lines": Listed(
        ("推进事项", "Lines"),
        f"{API}/lines",
        ("jurisdiction", "plan", "task", "unit", "state", "light", "mark", "pile", "q", "sort"),
        (
            Column(("辖区", "Jurisdiction"), 14, at("jurisdiction_name")),
            Column(("计划", "Plan"), 28, at("task", "plan", "name")),
            Column(("序号", "No."), 6, at("task", "number")),
            Column(("事项", "Line"), 48, at("task", "title")),
            Column(("牵头单位", "Lead"), 22, names("units", "lead")),
            Column(("配合单位", "Members"), 28, names("units", "member")),
            Column(("完成时限", "Due"), 12, day("due")),
            Column(("首次时限", "First due"), 12, day("first_due")),
            Column(("状态", "State"), 12, mark(words.STATES, "state")),
            Column(("完成比例", "Percent"), 10, at("percent")),
            Column(("亮灯", "Light"), 10, mark(words.LIGHTS, "light")),
            Column(("长期无进展自", "No movement since"), 14, day("stalled_on")),
            Column(("最近填报", "Last report"), 18, moment("latest_report", "submitted_at")),
        ),
    ),
    "reports": Listed(
        ("历次填报", "Reports"),
        f"{API}/lines/{{line}}/reports",
        (),
        (
            Column(("序号", "No."), 6, at("number")),
            Column(("填报时间", "Submitted"), 18, moment("submitted_at")),
            Column(("填报人", "By"), 14, at("submitted_by")),
            Column(("状态", "Status"), 12, mark(words.REPORTS, "status")),
            Column(("完成比例", "Percent"), 10, at("percent")),
            Column(("工作进展", "Done"), 60, at("done")),
            Column(("存在问题", "Problems"), 40, at("problems")),
            Column(("下一步打算", "Next steps"), 40, at("next_steps")),
            Column(("审定人", "Decided by"), 14, at("decided_by")),
            Column(("审定时间", "Decided"), 18, moment("decided_at")),
            Column(("退回原因", "Reason"), 40, at("reason")),
        ),
        parts=("line",),
    ),
    "history": Listed(
        ("推进历程", "History"),
        f"{API}/lines/{{line}}/history",
        (),
        (
            Column(("时间", "When"), 18, moment("at")),
            Column(("事件", "What"), 22, word(HAPPENED, "what")),
            Column(("办理人", "By"), 14, at("actor")),
            Column(("变化", "Changes"), 60, lambda row: _changed(row["changes"], "field", FIELDS)),
            Column(("原因", "Reason"), 40, at("reason")),
        ),
        parts=("line",),
    ),
    "orders": Listed(
        ("督办单", "Orders"),
        f"{API}/orders",
        ("state", "colour", "office", "open", "overdue", "waiting"),
        (
            Column(("文号", "Number"), 16, at("number")),
            Column(("督办事项", "Order"), 48, at("title")),
            Column(("来源", "Source"), 14, word(words.SOURCES, "source")),
            Column(("承办单位", "Lead"), 22, at("lead", "name")),
            Column(("协办单位", "Members"), 28, names("members")),
            Column(("状态", "State"), 12, mark(words.ORDER_STATES, "state")),
            Column(("颜色", "Colour"), 10, mark(words.COLOURS, "colour")),
            Column(("签收时限", "Sign by"), 12, day("sign_due")),
            Column(("办理时限", "Due"), 12, day("deadline")),
            Column(("反馈日期", "Answered"), 12, day("answered_on")),
            Column(("了结日期", "Ended"), 12, day("ended_on")),
        ),
    ),
    "problems": Listed(
        ("协调问题", "Problems"),
        f"{API}/problems",
        ("state", "office", "open", "overdue", "long_overdue", "waiting"),
        (
            Column(("问题", "Problem"), 48, at("title")),
            Column(("提出单位", "Raised by"), 20, at("raiser", "name")),
            Column(("答复单位", "Asked"), 20, at("addressee", "name")),
            Column(("辖区", "Jurisdiction"), 14, at("line", "jurisdiction_name")),
            Column(("事项", "Line"), 40, at("line", "title")),
            Column(("状态", "State"), 12, mark(words.PROBLEM_STATES, "state")),
            Column(("答复时限", "Answer due"), 12, day("answer_due")),
            Column(("答复日期", "Answered"), 12, day("answered_on")),
            Column(("了结日期", "Ended"), 12, day("ended_on")),
        ),
    ),
    "periods": Listed(
        ("报告期", "Periods"),
        f"{API}/periods",
        (),
        (
            Column(("报告期", "Period"), 32, at("title")),
            Column(("类别", "Kind"), 10, word(words.PERIOD_KINDS, "kind")),
            Column(("开始", "From"), 12, day("starts")),
            Column(("结束", "To"), 12, day("ends")),
            Column(("截止", "Due"), 12, day("due")),
            Column(("宽限至", "On time until"), 12, day("grace")),
            Column(("锁定", "Open until"), 12, day("locks")),
            Column(("应报", "Expected"), 8, at("counts", "expected")),
            Column(("已报", "Received"), 8, at("counts", "received")),
            Column(("按时", "On time"), 8, at("counts", "on_time")),
            Column(("已审定", "Approved"), 8, at("counts", "approved")),
        ),
    ),
    "filings": Listed(
        ("期次填报", "Filings"),
        f"{API}/filings",
        ("period", "office", "plan", "state", "waiting", "queried", "disagrees"),
        (
            Column(("报告期", "Period"), 20, at("period", "title")),
            Column(("辖区", "Jurisdiction"), 14, at("line", "jurisdiction_name")),
            Column(("计划", "Plan"), 28, at("line", "task", "plan", "name")),
            Column(("序号", "No."), 6, at("line", "task", "number")),
            Column(("任务", "Task"), 48, at("line", "task", "title")),
            Column(("填报单位", "Office"), 22, at("office_name")),
            Column(("状态", "State"), 12, mark(words.FILINGS, "state")),
            Column(("完成比例", "Percent"), 10, at("percent")),
            Column(("工作进展", "Done"), 60, at("done")),
            Column(("存在问题", "Problems"), 40, at("problems")),
            Column(("下一步打算", "Next steps"), 40, at("next_steps")),
            Column(("报送日期", "Received"), 12, day("received_on")),
            Column(("按时", "On time"), 8, yes("on_time")),
            Column(("未答复核查", "Open queries"), 10, at("unanswered")),
            Column(("把握程度", "Confidence"), 12, mark(words.CONFIDENCES, "confidence")),
        ),
    ),
    "cases": Listed(
        ("创新案例", "Innovation cases"),
        f"{API}/cases",
        ("zone", "state", "level", "q"),
        (
            Column(("案例", "Case"), 48, at("title")),
            Column(("片区", "Zone"), 16, at("zone_name")),
            Column(("状态", "State"), 12, mark(words.CASES, "state")),
            Column(("层级", "Level"), 12, word(words.CASE_LEVELS, "level")),
            Column(("得分", "Score"), 10, figure("score")),
            Column(("更新时间", "Changed"), 18, moment("updated_at")),
        ),
    ),
    "replications": Listed(
        ("复制推广", "Replication"),
        f"{API}/replications",
        ("zone", "state"),
        (
            Column(("案例", "Case"), 48, at("case", "title")),
            Column(("首创片区", "Origin"), 16, at("case", "zone_name")),
            Column(("推广片区", "Zone"), 16, at("zone_name")),
            Column(("状态", "State"), 12, mark(words.REPLICATIONS, "state")),
            Column(("采纳日期", "Adopted"), 12, day("adopted_on")),
            Column(("推广计划", "Plan"), 40, at("plan")),
            Column(("完成时限", "Due"), 12, day("due")),
            Column(("成效", "Result"), 40, at("result")),
        ),
    ),
    "meetings": Listed(
        ("领导小组会议", "Meetings"),
        f"{API}/meetings",
        (),
        (
            Column(("会议", "Meeting"), 40, at("title")),
            Column(("日期", "Day"), 12, day("held_on")),
            Column(("状态", "Status"), 12, mark(words.MEETINGS, "status")),
            Column(("议题", "Agenda"), 60, lambda row: "\n".join(row["agenda"])),
            Column(("议定事项", "Decisions"), 10, at("decisions")),
        ),
    ),
    "decisions": Listed(
        ("会议议定事项", "Decisions"),
        f"{API}/decisions",
        ("standing",),
        (
            Column(("会议", "Meeting"), 32, at("meeting_title")),
            Column(("序号", "No."), 6, at("number")),
            Column(("议定事项", "Decision"), 48, at("text")),
            Column(("责任单位", "Office"), 22, at("office_name")),
            Column(("完成时限", "Due"), 12, day("due")),
            Column(("进展", "Standing"), 12, mark(words.STANDINGS, "standing")),
            Column(("办理结果", "Outcome"), 40, at("outcome")),
        ),
    ),
    "bulletins": Listed(
        ("通报", "Bulletins"),
        f"{API}/bulletins",
        ("status",),
        (
            Column(("标题", "Title"), 48, at("title")),
            Column(("编号", "Number"), 14, _number),
            Column(("自", "Since"), 12, day("since")),
            Column(("至", "Until"), 12, day("until")),
            Column(("状态", "Status"), 12, mark(words.BULLETINS, "status")),
            Column(("更正", "Corrects"), 32, at("corrects_name")),
            Column(("发布时间", "Published"), 18, moment("published_at")),
            Column(("发布人", "By"), 14, at("published_by")),
        ),
    ),
    "bulletin-facts": Listed(
        ("通报依据", "Facts of a bulletin"),
        f"{API}/bulletins/{{bulletin}}/facts",
        ("sentence",),
        (
            Column(("辖区", "Jurisdiction"), 14, at("place")),
            Column(("计划", "Plan"), 28, at("plan")),
            Column(("序号", "No."), 6, at("number")),
            Column(("事项", "Line"), 48, at("title")),
            Column(("牵头单位", "Lead"), 22, several("leads")),
            Column(("配合单位", "Members"), 28, several("members")),
            Column(("完成时限", "Due"), 12, day("due")),
            Column(("状态", "State"), 12, mark(words.STATES, "state")),
            Column(("完成比例", "Percent"), 10, at("percent")),
            Column(("亮灯", "Light"), 10, mark(words.LIGHTS, "light")),
            Column(("工作进展", "Done"), 60, at("rest", "done")),
            Column(("审定人", "Decided by"), 14, at("rest", "by")),
            Column(("审定时间", "Decided"), 18, moment("rest", "at")),
        ),
        parts=("bulletin",),
        rows=_resting,
    ),
    "assessments": Listed(
        ("年度考评", "Assessments"),
        f"{API}/assessments",
        (),
        (
            Column(("年度", "Year"), 8, at("year")),
            Column(("方案", "Scheme"), 40, at("title")),
            Column(("状态", "Status"), 12, mark(words.ASSESSMENTS, "status")),
            Column(("公示日期", "Published on"), 12, day("published_on")),
            Column(("异议截止", "Objections until"), 12, day("objections_until")),
        ),
    ),
    "assessment-results": Listed(
        ("考评得分", "Scores of an assessment"),
        f"{API}/assessments/{{assessment}}/results",
        (),
        (
            Column(("单位", "Office"), 28, at("name")),
            Column(("总分（百分制）", "Total of 100"), 14, at("total")),
            Column(("评分项", "Item"), 40, at("title")),
            Column(("得分", "Score"), 10, at("score")),
            Column(("异议后更正", "Corrected"), 12, yes("corrected")),
        ),
        parts=("assessment",),
        rows=lambda result: [{**result, **score} for score in result["scores"]],
    ),
    "indicators": Listed(
        ("指标", "Indicators"),
        f"{API}/indicators",
        ("jurisdiction", "year"),
        (
            Column(("指标", "Indicator"), 36, lambda row: told(row, "name")),
            Column(("代码", "Code"), 18, at("code")),
            Column(("单位", "Measure"), 10, at("measure")),
            Column(("责任单位", "Responsible unit"), 22, at("unit_name")),
            Column(("数值", "Value"), 14, figure("standing", "value")),
            Column(("目标", "Target"), 14, figure("standing", "target")),
            Column(("目标状态", "Against the target"), 12, lambda row: mark(indicators.MARKS, "mark")(row["standing"])),
            Column(("最近一期", "Latest period"), 12, at("latest", "period")),
            Column(("最近数值", "Latest value"), 14, figure("latest", "value")),
            Column(("状态", "Status"), 14, mark(indicators.STATUSES, "status")),
        ),
    ),
    "indicator-values": Listed(
        ("指标数值", "Values"),
        f"{API}/indicators/{{indicator}}/values",
        ("jurisdiction",),
        (
            Column(("指标", "Indicator"), 36, at("indicator_name")),
            Column(("辖区", "Jurisdiction"), 14, at("jurisdiction_name")),
            Column(("报告期", "Period"), 12, at("period")),
            Column(("数值", "Value"), 14, figure("value")),
            Column(("单位", "Measure"), 10, at("measure")),
            Column(("备注", "Note"), 32, at("note")),
            Column(("说明", "Explanation"), 32, at("explanation")),
            Column(("修订原因", "Reason of a revision"), 32, at("reason")),
            Column(("填报人", "By"), 14, at("by")),
            Column(("填报时间", "At"), 18, moment("at")),
        ),
        parts=("indicator",),
    ),
    "missing-values": Listed(
        ("应报未报", "Missing values"),
        f"{API}/missing-values",
        ("jurisdiction", "waiting"),
        (
            Column(("指标", "Indicator"), 36, lambda row: told(row, "indicator_name")),
            Column(("辖区", "Jurisdiction"), 14, at("jurisdiction_name")),
            Column(("责任单位", "Responsible unit"), 22, at("unit_name")),
            Column(("报告期", "Period"), 12, at("period")),
            Column(("填报时限", "Due"), 12, day("due")),
            Column(("逾期", "Overdue"), 8, yes("overdue")),
        ),
    ),
    "handovers": Listed(
        ("工作交接", "Handovers"),
        f"{API}/handovers",
        (),
        (
            Column(("单位", "Office"), 22, at("office_name")),
            Column(("交出人", "From"), 14, at("giver")),
            Column(("接手人", "To"), 14, at("receiver")),
            Column(("项数", "Things"), 8, at("count")),
            Column(("原因", "Reason"), 40, at("reason")),
            Column(("办理人", "Made by"), 14, at("made_by")),
            Column(("办理时间", "Made"), 18, moment("made_at")),
        ),
    ),
    "changes": Listed(
        ("变化对比", "Changes"),
        f"{API}/changes",
        ("since", "until", "jurisdiction", "plan", "unit", "what"),
        (
            Column(("辖区", "Jurisdiction"), 14, at("jurisdiction_name")),
            Column(("计划", "Plan"), 28, at("task", "plan", "name")),
            Column(("序号", "No."), 6, at("task", "number")),
            Column(("事项", "Line"), 48, at("task", "title")),
            Column(("变化", "Changes"), 60, lambda row: _changed(past.changes(row), "what", words.CHANGED)),
        ),
    ),
}
