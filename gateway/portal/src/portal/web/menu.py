"""The entries of the menu, each for the roles that its page is for."""

from collections.abc import Iterator
from dataclasses import dataclass

from chassis.auth import Caller, Role
from portal.web.words import Both

PROGRESS = frozenset({Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.AUDITOR})
CATALOG = PROGRESS | {Role.INTEGRATOR}
INBOX = frozenset({Role.PROVINCE, Role.CITY, Role.DEPARTMENT})
DRAFTING = frozenset({Role.PROVINCE, Role.CITY})
TRAIL = frozenset({Role.PROVINCE, Role.AUDITOR})
SETTING = frozenset({Role.PROVINCE})
INTERFACES = frozenset({Role.PROVINCE, Role.INTEGRATOR, Role.OPERATOR, Role.SECURITY})
GRANTING = frozenset({Role.SECURITY})
WEBHOOKS = frozenset({Role.SECURITY, Role.OPERATOR})
DELIVERIES = frozenset({Role.OPERATOR, Role.PROVINCE})
MANAGING = frozenset({Role.ADMIN})
PEOPLE = frozenset({Role.ADMIN, Role.SECURITY})
OPERATING = frozenset({Role.OPERATOR})
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Entry:
    """``own``: who stands in for somebody else has no such page."""

    path: str
    words: Both
    icon: str
    roles: frozenset[Role]
    own: bool = False

    def leads_to(self, path: str) -> bool:
        """Whether the page is this entry's or below it."""
        return path == self.path or (self.path != "/" and path.startswith(self.path + "/"))


@dataclass(frozen=True)
class Group:
    words: Both
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        ("工作", "Work"),
        (
            Entry("/", ("我的工作台", "My desk"), "home", EVERYBODY),
            Entry("/search", ("搜索", "Search"), "search", PROGRESS),
            Entry("/lines", ("推进事项", "Lines"), "list-check", PROGRESS),
            Entry("/timeline", ("时间轴", "Timeline"), "calendar-due", PROGRESS),
            Entry("/periods", ("定期报送", "Reporting"), "calendar-due", PROGRESS),
            Entry("/orders", ("督办单", "Orders"), "flag", PROGRESS),
            Entry("/problems", ("协调问题", "Problems"), "alert-circle", PROGRESS),
            Entry("/handovers", ("工作交接", "Handover"), "user", PROGRESS),
            Entry("/announcements", ("公告通知", "Announcements"), "bell", PROGRESS),
            Entry("/inbox", ("收件箱", "Inbox"), "inbox", INBOX),
            Entry("/exports", ("导出文件", "Exports"), "download", EVERYBODY),
        ),
    ),
    Group(
        ("总体情况", "The whole"),
        (
            Entry("/overview", ("推进总览", "Overview"), "layout-dashboard", PROGRESS),
            Entry("/cockpit", ("驾驶舱", "Cockpit"), "report-analytics", PROGRESS),
            Entry("/changes", ("变化对比", "Changes"), "history", PROGRESS),
            Entry("/trends", ("趋势", "Trends"), "chart-bar", PROGRESS),
            Entry("/landing", ("落地率", "Share done"), "chart-bar", PROGRESS),
            Entry("/indicators", ("指标", "Indicators"), "chart-bar", PROGRESS),
        ),
    ),
    Group(
        ("领导小组", "Leading group"),
        (
            Entry("/meetings", ("领导小组会议", "Meetings"), "flag", TRAIL),
            Entry("/decisions", ("会议议定事项", "Decisions"), "checks", PROGRESS),
            Entry("/bulletins", ("通报", "Bulletins"), "file-text", PROGRESS),
        ),
    ),
    Group(
        ("创新推广", "Innovation"),
        (
            Entry("/cases", ("创新案例", "Innovation cases"), "star", PROGRESS),
            Entry("/replications", ("复制推广", "Replication"), "versions", PROGRESS),
        ),
    ),
    Group(
        ("目录", "Catalog"),
        (
            Entry("/tasks", ("任务", "Tasks"), "book-2", CATALOG),
            Entry("/plans", ("行动计划", "Plans"), "notebook", CATALOG),
            Entry("/zones", ("片区", "Zones"), "map-pin", CATALOG),
            Entry("/units", ("责任单位", "Units"), "building", CATALOG),
            Entry("/editions", ("目录版本", "Editions"), "versions", CATALOG),
            Entry("/manuscripts", ("编制方案", "Write plans"), "edit", DRAFTING),
            Entry("/imports", ("导入通知", "Import"), "upload", DRAFTING),
        ),
    ),
    Group(
        ("监督考评", "Supervision"),
        (
            Entry("/assessments", ("年度考评", "Assessment"), "star", PROGRESS),
            Entry("/trail", ("审计日志", "Audit trail"), "history", TRAIL),
        ),
    ),
    Group(
        ("系统对接", "Integration"),
        (
            Entry("/interfaces", ("开放接口", "Interfaces"), "external-link", INTERFACES),
            Entry("/integrators", ("对接系统", "Integrators"), "lock", GRANTING),
            Entry("/webhooks", ("事件推送", "Webhooks"), "send", WEBHOOKS),
            Entry("/deliveries", ("消息投递", "Deliveries"), "send", DELIVERIES),
            Entry("/dead-letters", ("死信", "Dead letters"), "alert-triangle", OPERATING),
        ),
    ),
    Group(
        ("设置", "Settings"),
        (
            Entry("/notification-settings", ("通知设置", "Notifications"), "bell", INBOX),
            Entry("/deputies", ("代理", "Deputies"), "user", INBOX, own=True),
            Entry("/people", ("用户", "People"), "user", PEOPLE, own=True),
            Entry("/second-factors", ("登录安全", "Login security"), "lock", GRANTING),
            Entry("/robots", ("群机器人", "Group robots"), "send", MANAGING),
            Entry("/planning/thresholds", ("亮灯阈值", "Thresholds"), "progress", SETTING),
            Entry("/planning/templates", ("进度模板", "Templates"), "file-text", SETTING),
            Entry("/planning/calendar", ("工作日历", "Work calendar"), "calendar-due", SETTING),
        ),
    ),
)


def shown(path: str, user: Caller) -> bool:
    """Whether a page may be shown to the user: one at or below an entry is for the entry's roles alone."""
    return all(_is_for(entry, user) for group in GROUPS for entry in group.entries if entry.leads_to(path))


def groups(user: Caller) -> Iterator[Group]:
    """The menu of a user, without empty groups."""
    for group in GROUPS:
        entries = tuple(entry for entry in group.entries if _is_for(entry, user))
        if entries:
            yield Group(group.words, entries)


def _is_for(entry: Entry, user: Caller) -> bool:
    return (entry.roles == EVERYBODY or user.has(*entry.roles)) and not (entry.own and user.acting_for)
