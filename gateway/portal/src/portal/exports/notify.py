"""The lists of notify as Excel, and those that several services have."""

from collections.abc import Mapping

from portal.exports.columns import Column, Listed, Row, at, day, mark, moment, several, word, yes
from portal.integrators.rules import state
from portal.trail import rules as trail
from portal.web import words
from portal.web.language import t, told

API = "/api/notify/v1"


def _integrator(row: Row) -> str:
    return t(*words.INTEGRATORS[state(row)].words)


def _webhook(row: Row) -> str:
    paused = row["paused"]
    return t(*words.WEBHOOKS[f"paused_{paused}" if paused else "failing" if row["failing_since"] else "active"].words)


def _robot(row: Row) -> str:
    return t(*words.ROBOTS["paused" if row["paused"] else "active"].words)


def _changes(entry: Row) -> str:
    """``状态：未开始 → 推进中``, a line for each."""
    return "\n".join(
        f"{words.word(trail.FIELDS, each['field'])}{t('：', ': ')}"
        + " → ".join(trail.said(entry["thing"], each["field"], each[side]) for side in ("before", "after"))
        for each in trail.changes(entry)
    )


LISTS: Mapping[str, Listed] = {
    "inbox": Listed(
        ("收件箱", "Inbox"),
        f"{API}/inbox",
        ("unread",),
        (
            Column(("时间", "When"), 18, moment("at")),
            Column(("标题", "Title"), 48, lambda row: told(row, "title")),
            Column(("内容", "Text"), 72, lambda row: told(row, "body")),
            Column(("已读", "Read"), 8, yes("read")),
            Column(("逾期", "Overdue"), 8, yes("late")),
        ),
    ),
    "announcements": Listed(
        ("公告通知", "Announcements"),
        f"{API}/announcements",
        ("status", "waiting"),
        (
            Column(("标题", "Title"), 48, at("title")),
            Column(("版次", "Version"), 8, at("edition")),
            Column(("状态", "Status"), 12, mark(words.ANNOUNCEMENTS, "status")),
            Column(("须确认", "To be confirmed"), 10, yes("must_confirm")),
            Column(("发布时间", "Published"), 18, moment("published_at")),
            Column(("展示至", "Shown until"), 12, day("shown_until")),
            Column(("单位数", "Offices"), 10, at("reach", "offices")),
            Column(("已阅单位", "Read by"), 10, at("reach", "read_offices")),
            Column(("已确认单位", "Confirmed by"), 10, at("reach", "confirmed_offices")),
        ),
    ),
    "announcement-offices": Listed(
        ("公告阅读情况", "Who has read it"),
        f"{API}/announcements/{{announcement}}/offices",
        ("waiting",),
        (
            Column(("单位", "Office"), 28, at("name")),
            Column(("已阅人数", "Readers"), 10, at("readers")),
            Column(("确认人数", "Confirmed"), 10, at("confirmed")),
            Column(("首次阅读", "First read"), 18, moment("first_read_at")),
            Column(("首次确认", "First confirmed"), 18, moment("first_confirmed_at")),
        ),
        parts=("announcement",),
    ),
    "trail": Listed(
        ("审计日志", "Audit trail"),
        "/api/{of}/v1/audit",
        ("thing",),
        (
            Column(("时间", "When"), 18, moment("at")),
            Column(("操作", "Action"), 22, word(trail.ACTIONS, "action")),
            Column(("操作人", "By"), 14, lambda row: t("系统", "System") if row["name"] == "system" else row["name"]),
            Column(("来源地址", "From"), 22, at("address")),
            Column(("对象", "Thing"), 14, word(trail.THINGS, "thing")),
            Column(("对象编号", "Id"), 38, at("thing_id")),
            Column(("片区", "Zone"), 10, at("tenant")),
            Column(("变化", "Changes"), 72, _changes),
            Column(("说明", "Why"), 40, at("reason")),
        ),
        parts=("of",),
        renamed={"thing": "thing_id"},
    ),
    "integrators": Listed(
        ("对接系统", "Integrators"),
        f"{API}/integrators",
        (),
        (
            Column(("客户端编号", "Client"), 24, at("client")),
            Column(("名称", "Name"), 32, at("name")),
            Column(("联系人", "Contact"), 28, at("contact")),
            Column(("授权片区", "Zones"), 28, several("tenants")),
            Column(("状态", "State"), 12, _integrator),
            Column(("登记时间", "Registered"), 18, moment("created_at")),
        ),
    ),
    "webhooks": Listed(
        ("事件推送地址", "Webhooks"),
        f"{API}/webhooks",
        ("integrator",),
        (
            Column(("接收地址", "Address"), 48, at("url")),
            Column(("对接系统", "Integrator"), 24, at("integrator")),
            Column(("片区", "Zones"), 24, several("tenants")),
            Column(("状态", "State"), 22, _webhook),
            Column(("等待", "Waiting"), 8, at("waiting")),
            Column(("失败", "Failed"), 8, at("failed")),
            Column(("登记时间", "Named"), 18, moment("created_at")),
        ),
    ),
    "webhook-deliveries": Listed(
        ("推送记录", "Deliveries of a webhook"),
        f"{API}/webhooks/{{webhook}}/deliveries",
        ("state",),
        (
            Column(("事件", "Event"), 48, at("type")),
            Column(("片区", "Zone"), 10, at("tenant")),
            Column(("状态", "State"), 12, mark(words.DELIVERIES, "state")),
            Column(("原因", "Reason"), 22, word(words.ATTEMPT_REASONS, "reason")),
            Column(("次数", "Tries"), 8, at("attempts")),
            Column(("发生时间", "When"), 18, moment("created_at")),
            Column(("完成时间", "Settled"), 18, moment("settled_at")),
            Column(("下次重试", "Next try"), 18, moment("next_try")),
        ),
        parts=("webhook",),
    ),
    "deliveries": Listed(
        ("消息投递", "Deliveries"),
        f"{API}/deliveries",
        ("channel", "state"),
        (
            Column(("时间", "When"), 18, moment("created_at")),
            Column(("渠道", "Channel"), 12, at("channel")),
            Column(("收件方", "To"), 32, at("address")),
            Column(("状态", "State"), 12, mark(words.MESSAGES, "state")),
            Column(("已试", "Tries"), 8, at("attempts")),
            Column(("原因", "Reason"), 28, at("error")),
        ),
    ),
    "dead-letters": Listed(
        ("死信", "Dead letters"),
        "/api/{of}/v1/dead-letters",
        ("state",),
        (
            Column(("放弃时间", "Given up"), 18, moment("buried_at")),
            Column(("事件类型", "Type"), 48, at("type")),
            Column(("消费者", "Consumer"), 28, at("consumer")),
            Column(("主题", "Topic"), 22, at("topic")),
            Column(("原因", "Reason"), 60, at("reason")),
            Column(("状态", "State"), 12, mark(words.LETTERS, "state")),
            Column(("说明", "Note"), 32, at("note")),
        ),
        parts=("of",),
    ),
    "robots": Listed(
        ("群机器人", "Group robots"),
        f"{API}/robots",
        (),
        (
            Column(("名称", "Name"), 28, at("name")),
            Column(("类型", "Kind"), 12, at("kind")),
            Column(("地址", "Address"), 48, at("url")),
            Column(("状态", "State"), 10, _robot),
            Column(("添加时间", "Added"), 18, moment("created_at")),
        ),
    ),
}
