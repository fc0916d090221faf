"""The kinds of news in groups (消息类别) that people choose by; each kind is in one. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

Both = tuple[str, str]
"""Chinese, English."""


@dataclass(frozen=True)
class Group:
    """``must``: has to be read (必读), so it always comes by mail at once."""

    code: str
    words: Both
    about: Both
    kinds: tuple[str, ...]
    must: bool = False


def _kinds(*told: str) -> tuple[str, ...]:
    """``order: issued urged`` is ``order.issued`` and ``order.urged``."""
    return tuple(_each(told))


def _each(told: tuple[str, ...]) -> Iterator[str]:
    for one in told:
        thing, _, happened = one.partition(": ")
        yield from (f"{thing}.{what}" for what in happened.split())


GROUPS = (
    Group(
        "urging",
        ("催办督办", "Orders to act on"),
        ("督办单交办、催办和退回", "Orders issued, urged and returned"),
        _kinds("order: issued urged returned"),
        must=True,
    ),
    Group(
        "overdue",
        ("逾期提醒", "Overdue"),
        (
            "事项、填报、节点、督办单、指标值、议定事项、问题答复逾期，问题提请领导小组",
            "Lines, filings, milestones, orders, values, decisions, answers past their day; problems taken higher",
        ),
        _kinds(
            "period: overdue",
            "missing_value: overdue",
            "decision: overdue",
            "problem: overdue long_overdue escalated",
            "reminder: overdue",
        ),
        must=True,
    ),
    Group(
        "returned",
        ("审核退回", "Returned"),
        ("填报、案例申报、实施方案被退回", "Reports, filings, cases and plans that were returned"),
        _kinds("report: returned", "filing: returned", "case: returned", "manuscript: returned"),
        must=True,
    ),
    Group(
        "announcements",
        ("公告通知", "Announcements"),
        ("省自贸办的公告、更正、撤回和未阅提醒", "Announcements of the province, corrected or withdrawn; not read yet"),
        _kinds("announcement: published withdrawn reminder expiring"),
        must=True,
    ),
    Group(
        "deadlines",
        ("临期提醒", "Deadlines ahead"),
        ("事项、节点、填报、督办单即将到期", "Lines, milestones, filings and orders due soon"),
        _kinds("reminder: due_soon"),
    ),
    Group(
        "filings",
        ("定期报送", "Reporting periods"),
        ("报告期开启、即将截止、重新开放", "Periods that open or are due soon, filings opened again"),
        _kinds("period: opened due_soon", "filing: reopened"),
    ),
    Group(
        "reports",
        ("进展填报", "Progress reports"),
        ("填报提交、审定和牵头单位意见", "Reports submitted, confirmed and reviewed"),
        _kinds("report: submitted confirmed reviewed"),
    ),
    Group(
        "extensions",
        ("延期和时限", "Extensions"),
        ("延期申请、审批，时限调整", "Extensions asked for and decided, deadlines moved"),
        _kinds("extension: asked approved refused moved"),
    ),
    Group(
        "lines",
        ("事项变动", "Lines"),
        ("事项新增、撤销、暂停、恢复，长期无进展", "Lines that open, are withdrawn, suspended, resumed or stand still"),
        _kinds("line: opened withdrawn suspended resumed stalled"),
    ),
    Group(
        "comments",
        ("讨论提及", "Mentions"),
        ("推进事项的讨论中提到本单位或本单位人员", "Your office or its people mentioned in the discussion of a line"),
        _kinds("comment: made"),
    ),
    Group(
        "orders",
        ("督办进展", "Course of orders"),
        ("督办单签收、反馈、延期、办结、销号", "Orders signed for, answered, extended, concluded and closed"),
        _kinds(
            "order: signed replied extension_asked extension_approved extension_refused",
            "order: applied concluded verified closed revoked",
        ),
    ),
    Group(
        "problems",
        ("协调问题", "Problems"),
        ("问题提出、答复、追问、临近时限、解决", "Problems raised, answered, asked about again, due soon, settled"),
        _kinds("problem: raised answered followed_up due_soon settled withdrawn"),
    ),
    Group(
        "indicators",
        ("指标", "Indicators"),
        ("指标值修订、临近填报时限", "Values revised, values due soon"),
        _kinds("indicator_value: revised", "missing_value: due_soon"),
    ),
    Group(
        "cases",
        ("案例推广", "Cases and replication"),
        ("创新案例申报、评审、认定、发布，复制推广", "Cases submitted, scored, approved, published; their replication"),
        _kinds(
            "case: submitted invited approved rejected published scored concluded",
            "replication: planned under_way adopted declined reminded escalated",
        ),
    ),
    Group(
        "assessments",
        ("年度考评", "Assessment"),
        ("考评方案、结果、异议、容错", "Schemes, results, objections, exemptions"),
        _kinds("assessment: announced published closed", "objection: raised answered", "exemption: granted lifted"),
    ),
    Group(
        "decisions",
        ("会议决定", "Decisions"),
        ("领导小组议定事项交办、临近时限、办结", "Decisions of the leading group made, due soon, carried out"),
        _kinds("decision: made completed due_soon"),
    ),
    Group(
        "bulletins",
        ("通报", "Bulletins"),
        ("向本单位发送的通报", "Bulletins sent to your office"),
        _kinds("bulletin: published"),
    ),
    Group(
        "plans",
        ("方案编制", "Plans"),
        ("实施方案提交、发布、撤销", "Plans submitted, published, discarded"),
        _kinds("manuscript: submitted published discarded"),
    ),
    Group(
        "system",
        ("系统和交接", "System and handover"),
        ("工作交接和平台自身的消息", "Handovers and news of the portal itself"),
        _kinds("handover: made"),
    ),
)
OTHER = GROUPS[-1]
PRESSING = frozenset(
    {
        *(f"{thing}.due_soon" for thing in ("reminder", "period", "problem", "missing_value", "decision")),
        *("line.stalled", "replication.reminded", "replication.escalated"),
    }
)
"""Kinds that a digest tells before all others."""
_OF_KIND = {kind: group for group in GROUPS for kind in group.kinds}
BY_CODE = {group.code: group for group in GROUPS}
CHOOSABLE = tuple(group.code for group in GROUPS if not group.must)


def of_kind(kind: str) -> Group:
    """The group of a kind; of one that no release knows any more, the last."""
    return _OF_KIND.get(kind, OTHER)
