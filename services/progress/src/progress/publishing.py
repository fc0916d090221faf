"""What progress publishes: every type with the model of its data, on the topic of its jurisdiction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from chassis import outbox
from chassis.events import Event, EventType
from chassis.schemas import Output
from chassis.tenancy import Session
from progress import topics
from progress.assessment.schemas import AssessmentData, ExemptionOut, ObjectionOut
from progress.attachments.schemas import AttachmentData
from progress.bulletins.schemas import BulletinData
from progress.cases.schemas import (
    CaseEvent,
    EvaluatedCaseEvent,
    InvitedCaseEvent,
    PublishedCaseEvent,
    RejectedCaseEvent,
    ReturnedCaseEvent,
)
from progress.comments.schemas import CommentData
from progress.entries import EntryOut
from progress.filings.schemas import FilingData
from progress.handovers.schemas import HandoverData
from progress.indicators.schemas import IndicatorData, MissingData, TargetOut, ValueData
from progress.lines.schemas import LineData
from progress.meetings.schemas import DecisionData, MeetingData
from progress.milestones.schemas import ExtensionOut, MilestoneOut
from progress.orders.schemas import OrderData
from progress.past.schemas import ClosedDay
from progress.periods.schemas import OfficeCount, PeriodData, Quit
from progress.problems.schemas import ProblemData
from progress.reminders.schemas import ReminderData
from progress.replications.schemas import ReplicationEvent
from progress.reports.schemas import ReportOut

SOURCE = "/zoneportal/progress"


class LineEvent(Output):
    """Something happened to a line."""

    line: LineData


class PlacedLineEvent(LineEvent):
    """An edition opened, changed or withdrew a line; ``edition`` is null when the catalog did not name it."""

    edition: int | None


class WithdrawnLineEvent(PlacedLineEvent):
    """An edition withdrew a line; ``quit`` are the offices that owe nothing any more by that."""

    quit: list[Quit] = Field(default_factory=list)


class SuspendedLineEvent(LineEvent):
    """The province suspended a line, and says why; ``quit`` are the offices that owe nothing any more by that."""

    reason: str
    quit: list[Quit] = Field(default_factory=list)


class ReportEvent(LineEvent):
    """Something happened to a report; ``line`` is what came of it."""

    report: ReportOut


class CommentEvent(LineEvent):
    """Somebody said something about a line, or took it back; those mentioned are told. The words are not."""

    comment: CommentData


class MilestoneEvent(LineEvent):
    """Something happened to a milestone; ``line`` is what came of it."""

    milestone: MilestoneOut


class ExtensionEvent(LineEvent):
    """An extension was asked for or decided; ``line`` is what came of it."""

    extension: ExtensionOut


class AssessmentEvent(Output):
    """Something happened to the assessment of a year."""

    assessment: AssessmentData


class ObjectionEvent(AssessmentEvent):
    """An office objected to its score, or the province answered."""

    objection: ObjectionOut


class ExemptionEvent(AssessmentEvent):
    """The province left a fact out of an office's score, or lets it count again."""

    exemption: ExemptionOut


class BulletinEvent(Output):
    """Something happened to a bulletin; ``audiences`` (``zone:…``, ``unit:…``) are told of a published one."""

    bulletin: BulletinData
    audiences: list[str]


class MeetingEvent(Output):
    """Something happened to a meeting of the leading group."""

    meeting: MeetingData


class DecisionEvent(Output):
    """Something happened to a decision of the leading group."""

    decision: DecisionData


class SettingData(Output):
    """A setting of the province as it is now. ``setting`` is ``thresholds``, ``plan_template``, ``calendar`` or
    ``landing_goal``, ``key`` says which one of these, ``values`` what it says, both as the API of the setting does.
    """

    id: str
    setting: str
    key: dict[str, Any]
    values: dict[str, Any]
    version: int
    changed_by: str
    changed_at: datetime


class SettingEvent(Output):
    """The province changed a setting."""

    setting: SettingData


class DayEvent(Output):
    """A day is over: what a jurisdiction's figures were when it ended."""

    day: ClosedDay


class IndicatorEvent(Output):
    """Something happened to the definition of an indicator."""

    indicator: IndicatorData


class TargetsEvent(IndicatorEvent):
    """A jurisdiction's targets were set; ``targets`` are all that it has now."""

    jurisdiction: str
    targets: list[TargetOut]


class IndicatorValueEvent(Output):
    """A value of an indicator was recorded or revised."""

    indicator_value: ValueData


class MissingValueEvent(Output):
    """A value of an indicator is owed, and not recorded yet."""

    missing_value: MissingData


class PeriodEvent(Output):
    """Something happened to a period; ``offices`` are those of the jurisdiction, with the filings that they owe."""

    period: PeriodData
    jurisdiction: str
    offices: list[OfficeCount]


class ReminderEvent(Output):
    """An office is told of deadlines that come, or that have passed."""

    reminder: ReminderData


class FilingEvent(LineEvent):
    """A filing went a step on its way; ``line`` is what came of it, ``remark`` what was said with it, ``owed`` how many
    filings of its office for the period have not come yet.
    """

    filing: FilingData
    period: PeriodData
    remark: str
    owed: int | None = None
    attachments: list[AttachmentData] = Field(default_factory=list)


class OrderEvent(Output):
    """A step was taken with an order; ``step`` says what, who, when, in which words, but not the words of members;
    nor are their ``attachments`` among them.
    """

    order: OrderData
    step: EntryOut
    attachments: list[AttachmentData] = Field(default_factory=list)


class ProblemEvent(Output):
    """A step was taken with a problem, or it is due; ``step`` says what, who, when, in which words."""

    problem: ProblemData
    step: EntryOut


class HandoverEvent(Output):
    """A person's open things passed to another of the same office."""

    handover: HandoverData


_PREFIX = "zoneportal.progress."
TYPES: Mapping[str, EventType] = {
    f"{_PREFIX}{what}.v1": EventType(model, title)
    for what, model, title in (
        ("line.opened", PlacedLineEvent, "推进事项已开启 A line was opened"),
        ("line.updated", PlacedLineEvent, "推进事项已随任务更新 A line was brought to what its task says now"),
        ("line.withdrawn", WithdrawnLineEvent, "推进事项已撤回 A line was withdrawn"),
        ("line.progressed", LineEvent, "推进事项进度有变化 State, percent or light of a line changed"),
        (
            "line.stalled",
            LineEvent,
            "推进事项长期无进展 Nothing was done for a line for as long as the province allows",
        ),
        ("line.suspended", SuspendedLineEvent, "推进事项已暂停 A line was suspended"),
        ("line.resumed", LineEvent, "推进事项已恢复 A line was resumed"),
        ("report.submitted", ReportEvent, "填报已提交 A report was submitted"),
        (
            "report.replaced",
            ReportEvent,
            "填报已被新的填报替换 A report was replaced by a later one before it was decided on",
        ),
        ("report.confirmed", ReportEvent, "填报已确认 A report was confirmed"),
        ("report.returned", ReportEvent, "填报已退回 A report was returned"),
        ("report.reviewed", ReportEvent, "填报已审核 A report was reviewed by the leading unit"),
        ("comment.made", CommentEvent, "推进事项有新的讨论 Somebody said something about a line"),
        ("comment.withdrawn", CommentEvent, "讨论意见已撤回 What was said about a line was withdrawn by its writer"),
        ("milestone.placed", MilestoneEvent, "节点已安排 A milestone was placed on its day, or moved to another"),
        ("milestone.removed", MilestoneEvent, "节点已取消 A milestone was taken out of the schedule"),
        ("milestone.completed", MilestoneEvent, "节点已完成 A milestone was reached"),
        ("milestone.overdue", MilestoneEvent, "节点已逾期 A milestone is past its day and not reached"),
        ("extension.asked", ExtensionEvent, "已申请延期 More time was asked for"),
        ("extension.approved", ExtensionEvent, "延期已批准 A later deadline was approved"),
        ("extension.refused", ExtensionEvent, "延期未获批准 A later deadline was refused"),
        ("assessment.announced", AssessmentEvent, "考评方案已下发 The scheme of an assessment was announced"),
        ("assessment.published", AssessmentEvent, "考评结果公示 Results of an assessment were published"),
        ("assessment.closed", AssessmentEvent, "考评结果已确定 Results of an assessment became final"),
        ("objection.raised", ObjectionEvent, "已提出考评异议 An office objected to its score"),
        ("objection.answered", ObjectionEvent, "考评异议已答复 An objection was answered"),
        ("exemption.granted", ExemptionEvent, "考评容错已认定 A fact was left out of an office's score"),
        ("exemption.lifted", ExemptionEvent, "考评容错已撤销 A fact that was left out counts again"),
        ("indicator.defined", IndicatorEvent, "指标已定义 An indicator was defined, as a draft"),
        ("indicator.changed", IndicatorEvent, "指标定义已修改 The definition of an indicator changed"),
        ("indicator.confirmed", IndicatorEvent, "指标已启用 An indicator came into use"),
        ("indicator.withdrawn", IndicatorEvent, "指标已停用 An indicator went out of use"),
        ("indicator.targeted", TargetsEvent, "指标目标已下达 Targets of a jurisdiction were set"),
        ("indicator_value.recorded", IndicatorValueEvent, "指标值已填报 A value of an indicator was recorded"),
        ("indicator_value.revised", IndicatorValueEvent, "指标值已修订 A value of an indicator was corrected"),
        ("missing_value.due_soon", MissingValueEvent, "指标值临近填报时限 A value of an indicator is due soon"),
        ("missing_value.overdue", MissingValueEvent, "指标值逾期未报 A value of an indicator is overdue"),
        ("period.opened", PeriodEvent, "报告期已开启 A period was opened"),
        ("period.due_soon", PeriodEvent, "报告期临近截止 A period is due soon"),
        ("period.overdue", PeriodEvent, "报告期已逾期 A period is overdue"),
        ("reminder.due_soon", ReminderEvent, "到期提醒 Deadlines of an office come"),
        ("reminder.overdue", ReminderEvent, "逾期提醒 Deadlines of an office have passed"),
        ("filing.submitted", FilingEvent, "填报已提交本单位审核 A filing was given to its office's administrator"),
        ("filing.withdrawn", FilingEvent, "填报已撤回 A submission was taken back by its writer"),
        ("filing.checked", FilingEvent, "填报已报送省级 A filing was sent to the province"),
        ("filing.sent_back", FilingEvent, "填报已由本单位退回 A filing was given back within its office"),
        ("filing.unchecked", FilingEvent, "填报已取消报送 A filing was taken back from the province"),
        ("filing.accepted", FilingEvent, "填报已接收 A filing was accepted by the province"),
        ("filing.unaccepted", FilingEvent, "填报已取消接收 An acceptance was taken back"),
        ("filing.approved", FilingEvent, "填报已审定 A filing was approved, and frozen as a version"),
        ("filing.returned", FilingEvent, "填报已由省级退回 A filing was returned by the province"),
        ("filing.reopened", FilingEvent, "填报已重新开放 A filing was opened again"),
        ("extension.moved", ExtensionEvent, "时限已调整 The province moved a deadline, earlier or later"),
        ("order.issued", OrderEvent, "督办单已交办 An order was issued"),
        ("order.signed", OrderEvent, "督办单已签收 An order was signed for"),
        ("order.replied", OrderEvent, "督办单有办理反馈 An office told how far an order is"),
        ("order.urged", OrderEvent, "督办单已催办 An order was urged"),
        ("order.extension_asked", OrderEvent, "督办单申请延期 More time was asked for an order"),
        ("order.extension_approved", OrderEvent, "督办单延期已批准 More time was given to an order"),
        ("order.extension_refused", OrderEvent, "督办单延期未获批准 More time was refused to an order"),
        ("order.applied", OrderEvent, "督办单申请办结 An order was said to be done"),
        ("order.returned", OrderEvent, "督办单已退回 An order was returned"),
        ("order.concluded", OrderEvent, "督办单已办结 An order was concluded"),
        ("order.verified", OrderEvent, "督办单已核验 An order was verified"),
        ("order.closed", OrderEvent, "督办单已销号 An order was closed"),
        ("order.revoked", OrderEvent, "督办单已撤销 An order was revoked"),
        ("problem.raised", ProblemEvent, "提出需协调问题 A problem was raised"),
        ("problem.answered", ProblemEvent, "问题已答复 A problem was answered"),
        ("problem.followed_up", ProblemEvent, "问题被追问 A problem was asked about again"),
        ("problem.escalated", ProblemEvent, "问题已提请领导小组 A problem was taken to the leading group"),
        ("problem.due_soon", ProblemEvent, "问题临近答复时限 The answer to a problem is due soon"),
        ("problem.overdue", ProblemEvent, "问题逾期未答复 The answer to a problem is overdue"),
        ("problem.long_overdue", ProblemEvent, "问题久拖未复 A problem waits for its escalation by the province"),
        ("problem.settled", ProblemEvent, "问题已解决 A problem was settled"),
        ("problem.withdrawn", ProblemEvent, "问题已撤回 A problem was withdrawn"),
        ("case.submitted", CaseEvent, "创新案例已申报 A case was submitted"),
        ("case.invited", InvitedCaseEvent, "已邀请评审 Units were invited to score a case"),
        ("case.scored", EvaluatedCaseEvent, "评审已打分 An evaluator has scored a case"),
        ("case.concluded", CaseEvent, "评审已结束 A round of a case's evaluation was concluded"),
        ("case.approved", CaseEvent, "创新案例已认定 A case was approved at a level"),
        ("case.returned", ReturnedCaseEvent, "创新案例已退回或撤回 A case went back to its zone"),
        (
            "case.rejected",
            RejectedCaseEvent,
            "创新案例不予认定或撤下 A case was rejected, or taken from the public list",
        ),
        ("case.published", PublishedCaseEvent, "创新案例已发布 A case was published with its replication passport"),
        ("replication.planned", ReplicationEvent, "片区将采用 A zone will take a case over"),
        ("replication.under_way", ReplicationEvent, "推广已启动 A zone has begun to take a case over"),
        ("replication.adopted", ReplicationEvent, "案例已落地 A case is at work in another zone"),
        ("replication.declined", ReplicationEvent, "片区不采用 A zone does not take a case over, and says why"),
        (
            "replication.reminded",
            ReplicationEvent,
            "片区未答复或逾期未落地，已提醒 A zone has not answered, or is late, and is asked again",
        ),
        ("replication.escalated", ReplicationEvent, "片区仍未答复 A zone still has not answered: told to the province"),
        ("bulletin.drafted", BulletinEvent, "通报已起草 A bulletin was drafted"),
        ("bulletin.edited", BulletinEvent, "通报草稿已修改 The draft of a bulletin was edited"),
        ("bulletin.published", BulletinEvent, "通报已发布 A bulletin was published"),
        ("bulletin.cancelled", BulletinEvent, "通报草稿已作废 The draft of a bulletin was given up"),
        ("setting.changed", SettingEvent, "省级设置已修改 The province changed a setting"),
        ("day.closed", DayEvent, "当日统计已形成 A day's figures are final"),
        ("meeting.planned", MeetingEvent, "会议已登记 A meeting was planned"),
        ("meeting.edited", MeetingEvent, "会议已修改 A planned meeting was changed"),
        ("meeting.concluded", MeetingEvent, "会议已召开 A meeting was held"),
        ("decision.made", DecisionEvent, "议定事项已录入 A decision was entered"),
        ("decision.noted", DecisionEvent, "议定事项已记入推进事项 A decision was written into a line's history"),
        ("decision.ordered", DecisionEvent, "议定事项已转督办单 A decision became a supervision order"),
        ("decision.reopened", DecisionEvent, "议定事项恢复待办 The order of a decision was revoked"),
        ("decision.proposed", DecisionEvent, "议定事项已建议列入目录 A decision was proposed as a task"),
        ("decision.due_soon", DecisionEvent, "议定事项临近时限 A decision is due soon"),
        ("decision.overdue", DecisionEvent, "议定事项已逾期 A decision is overdue"),
        ("handover.made", HandoverEvent, "工作已交接 A person's open things passed to another of the office"),
        ("decision.completed", DecisionEvent, "议定事项已办结 A decision was carried out"),
    )
}


async def publish(
    db: Session, what: str, thing: Mapping[str, Any], data: Mapping[str, Any], jurisdiction: str | None = None
) -> None:
    """Publishes ``what`` (``line.opened``…) of a thing with ``id`` and ``version``; ``data`` fits the type's model.

    On the topic of the jurisdiction, by default that of the line in ``data``.
    """
    await publish_all(db, what, [(thing, data)], jurisdiction)


async def publish_all(
    db: Session,
    what: str,
    told: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    jurisdiction: str | None = None,
) -> None:
    """Publishes the same of many things, each with its data."""
    await outbox.add_all(db, [_event(what, *each, jurisdiction) for each in told])


def _event(what: str, thing: Mapping[str, Any], data: Mapping[str, Any], jurisdiction: str | None) -> tuple[str, Event]:
    name = f"{_PREFIX}{what}.v1"
    jurisdiction = jurisdiction or data["line"]["jurisdiction"]
    event = Event(
        type=name,
        source=SOURCE,
        subject=str(thing["id"]),
        tenant=jurisdiction,
        sequence=thing["version"],
        data=TYPES[name].data(data),
    )
    return topics.name(jurisdiction), event
