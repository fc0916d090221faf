"""The words of the pages for what the APIs give as codes: (中文, English)."""

from dataclasses import dataclass

from portal.web.language import t

Both = tuple[str, str]


@dataclass(frozen=True)
class Mark:
    """How a light or a state looks: words, icon and colour, so that none of them is needed alone."""

    words: Both
    icon: str
    colour: str


SYSTEM_PARTS: dict[str, Both] = {
    "catalog": ("任务目录", "the catalog"),
    "progress": ("推进事项", "the lines"),
    "notify": ("消息", "messages"),
    "scanner": ("病毒检查", "the virus scanner"),
    "store": ("附件存储", "the store of attachments"),
    "keycloak": ("身份认证", "the login"),
    "portal": ("门户", "the portal"),
}
APPEARANCES = {
    "auto": Mark(("跟随系统", "As the system"), "brightness", "grey"),
    "light": Mark(("浅色", "Light"), "sun", "grey"),
    "dark": Mark(("深色", "Dark"), "moon", "grey"),
}
LIGHTS = {
    "green": Mark(("正常", "On schedule"), "circle-check", "green"),
    "yellow": Mark(("预警", "At risk"), "alert-triangle", "yellow"),
    "red": Mark(("逾期", "Overdue"), "clock-exclamation", "red"),
    "blue": Mark(("办结", "Done"), "checks", "blue"),
}
STATES = {
    "not_started": Mark(("未开始", "Not started"), "circle-dashed", "grey"),
    "in_progress": Mark(("推进中", "In progress"), "progress", "azure"),
    "submitted": Mark(("已报完成", "Submitted as done"), "send", "purple"),
    "confirmed": Mark(("已确认", "Confirmed"), "checks", "blue"),
    "suspended": Mark(("已暂停", "Suspended"), "player-pause", "grey"),
}
MARKS = {
    "stalled": Mark(("长期无进展", "No movement"), "player-pause", "yellow"),
    "was_red": Mark(("曾逾期", "Was overdue"), "history", "grey"),
}
PILES = {
    "returned": Mark(("被退回，待重报", "Returned to me"), "arrow-back-up", "red"),
    "decide": Mark(("待审填报", "Reports to decide"), "send", "purple"),
    "red": Mark(("已逾期", "Overdue"), "clock-exclamation", "red"),
    "yellow": Mark(("临期预警", "At risk"), "alert-triangle", "yellow"),
    "stalled": Mark(("长期无进展", "No movement"), "player-pause", "yellow"),
    "review": Mark(("待我审核", "For my review"), "send", "purple"),
    "new": Mark(("尚未开始", "Not started"), "circle-dashed", "grey"),
}
"""What lines wait for on the desk."""
REPORTS = {
    "submitted": Mark(("待审", "Awaiting decision"), "send", "purple"),
    "confirmed": Mark(("已确认", "Confirmed"), "checks", "blue"),
    "returned": Mark(("已退回", "Returned"), "arrow-back-up", "red"),
    "replaced": Mark(("已被替换", "Replaced"), "history", "grey"),
}
MILESTONES = {
    "done": Mark(("已完成", "Done"), "checks", "blue"),
    "late": Mark(("已逾期", "Overdue"), "clock-exclamation", "red"),
    "near": Mark(("临近", "Due soon"), "alert-triangle", "yellow"),
    "ahead": Mark(("未到期", "To come"), "circle-dashed", "grey"),
}
EXTENSIONS = {
    "asked": Mark(("待批", "Awaiting decision"), "send", "purple"),
    "approved": Mark(("已同意", "Approved"), "circle-check", "green"),
    "refused": Mark(("未同意", "Refused"), "x", "red"),
    "moved": Mark(("省自贸办调整", "Moved by the province"), "calendar-due", "azure"),
    "catalog": Mark(("随目录调整", "Moved with the catalog"), "calendar-due", "azure"),
}
ASSESSMENTS = {
    "draft": Mark(("拟订中", "Being drafted"), "circle-dashed", "grey"),
    "announced": Mark(("已下发", "Announced"), "send", "azure"),
    "published": Mark(("公示中", "Open to objections"), "alert-triangle", "yellow"),
    "final": Mark(("已确定", "Final"), "checks", "blue"),
}
BASES = {
    "lines": ("推进事项是否逾期", "Lines that are not overdue"),
    "milestones": ("节点是否按期完成", "Milestones reached in time"),
    "filings": ("期次填报是否按时", "Filings in time"),
    "orders": ("督办单是否按期办结", "Orders done in time"),
    "indicators": ("指标是否达标", "Indicators reached"),
    "cases": ("认定的创新案例", "Approved cases"),
    "hand": ("人工评分", "Scored by hand"),
}
BULLETINS = {
    "draft": Mark(("草稿", "Draft"), "edit", "yellow"),
    "published": Mark(("已发布", "Published"), "circle-check", "green"),
    "cancelled": Mark(("已作废", "Given up"), "x", "grey"),
}
ANNOUNCEMENTS = {
    "draft": Mark(("草稿", "Draft"), "edit", "yellow"),
    "published": Mark(("已发布", "Published"), "circle-check", "green"),
    "expired": Mark(("已过期", "Past"), "history", "grey"),
    "replaced": Mark(("已有新版", "Replaced"), "versions", "grey"),
    "withdrawn": Mark(("已撤回", "Withdrawn"), "arrow-back-up", "red"),
    "cancelled": Mark(("已作废", "Given up"), "x", "grey"),
}
ANNOUNCEMENT_READINGS = {
    "unread": Mark(("未阅", "Not read"), "circle-dashed", "grey"),
    "read": Mark(("已阅", "Read"), "check", "green"),
    "waiting": Mark(("待确认", "To confirm"), "alert-triangle", "yellow"),
    "confirmed": Mark(("已确认已阅", "Confirmed"), "checks", "blue"),
}
MEETINGS = {
    "planned": Mark(("筹备中", "Planned"), "edit", "yellow"),
    "held": Mark(("已召开", "Held"), "circle-check", "green"),
}
STANDINGS = {
    "open": Mark(("在办", "Under way"), "progress", "azure"),
    "overdue": Mark(("逾期", "Overdue"), "clock-exclamation", "red"),
    "done": Mark(("办结", "Done"), "checks", "blue"),
}
DECISION_BECAME = {
    "noted": ("已记入推进事项", "noted on a line"),
    "ordered": ("已转督办单", "made an order"),
    "proposed": ("已建议列入目录", "proposed for the catalog"),
}
CHANGED = {
    "came": ("新增事项", "Came"),
    "went": ("退出事项", "Went"),
    "due": ("完成时限", "Deadline"),
    "light": ("亮灯", "Light"),
    "state": ("状态", "State"),
    "percent": ("完成比例", "Progress"),
    "units": ("责任单位", "Units"),
    "leads": ("牵头单位", "Leading units"),
    "plan": ("所属计划", "Plan"),
}
FILINGS = {
    "open": Mark(("待填报", "To be written"), "edit", "yellow"),
    "submitted": Mark(("待单位审核", "Awaiting the office's check"), "send", "purple"),
    "checked": Mark(("已报送", "Sent"), "send", "azure"),
    "accepted": Mark(("已接收", "Accepted"), "lock", "azure"),
    "approved": Mark(("已审定", "Approved"), "checks", "blue"),
    "returned": Mark(("已退回", "Returned"), "arrow-back-up", "red"),
}
STAGES = {
    "running": Mark(("填报中", "Running"), "progress", "green"),
    "grace": Mark(("宽限期", "Grace"), "alert-triangle", "yellow"),
    "late": Mark(("逾期补报", "Late"), "clock-exclamation", "red"),
    "locked": Mark(("已锁定", "Locked"), "lock", "grey"),
}
CONFIDENCES = {
    "high": Mark(("把握大", "High confidence"), "circle-check", "green"),
    "medium": Mark(("有风险", "Some risk"), "alert-triangle", "yellow"),
    "low": Mark(("把握小", "Low confidence"), "alert-circle", "red"),
}
CONFIDENCE_MEANS = {
    "high": (
        "进展有据可查，按目前进度能够如期完成",
        "What is reported is evidenced, and at this pace it will be done in time",
    ),
    "medium": (
        "存在风险，已有可行措施，有望如期完成",
        "There are risks, with measures against them; it can be done in time",
    ),
    "low": (
        "存在重大问题或进展与掌握情况不符，不采取进一步措施难以如期完成",
        "There are grave problems, or the report does not fit what is known; without more it will be late",
    ),
}
PERIOD_KINDS = {
    "month": ("月报", "Monthly"),
    "quarter": ("季报", "Quarterly"),
    "year": ("年报", "Yearly"),
    "adhoc": ("专项报送", "Ad hoc"),
}
ORDER_STATES = {
    "registered": Mark(("已立项", "Registered"), "circle-dashed", "grey"),
    "issued": Mark(("待签收", "To be signed for"), "send", "azure"),
    "in_hand": Mark(("办理中", "In hand"), "progress", "azure"),
    "extending": Mark(("延期待批", "More time asked for"), "calendar-due", "purple"),
    "submitted": Mark(("办结待审", "Reported as done"), "send", "purple"),
    "concluded": Mark(("已办结，待核验", "Concluded, to be verified"), "circle-check", "green"),
    "verified": Mark(("已核验，待销号", "Verified, to be closed"), "search", "green"),
    "closed": Mark(("已销号", "Closed"), "checks", "blue"),
    "revoked": Mark(("已撤销", "Revoked"), "x", "grey"),
}
COLOURS = {
    "blue": Mark(("临近时限", "Due soon"), "bell", "blue"),
    "yellow": Mark(("滞后或质量不高", "Behind or poor"), "alert-triangle", "yellow"),
    "red": Mark(("逾期", "Overdue"), "clock-exclamation", "red"),
}
SOURCES = {
    "meeting": ("会议议定", "A meeting's decision"),
    "remark": ("领导批示", "A leader's remark"),
    "lines": ("推进事项", "Lines"),
}
PROBLEM_STATES = {
    "open": Mark(("待答复", "To be answered"), "send", "azure"),
    "answered": Mark(("已答复", "Answered"), "edit", "green"),
    "escalated": Mark(("已提请领导小组", "With the leading group"), "flag", "purple"),
    "settled": Mark(("已解决", "Settled"), "checks", "blue"),
    "withdrawn": Mark(("已撤回", "Withdrawn"), "x", "grey"),
}
CASES = {
    "draft": Mark(("草拟", "Draft"), "edit", "grey"),
    "submitted": Mark(("已申报", "Submitted"), "send", "purple"),
    "evaluating": Mark(("评审中", "Being scored"), "star", "azure"),
    "evaluated": Mark(("待审定", "Awaiting decision"), "list-check", "purple"),
    "returned": Mark(("已退回", "Returned"), "arrow-back-up", "red"),
    "rejected": Mark(("不予认定", "Rejected"), "x", "red"),
    "approved": Mark(("已认定", "Approved"), "circle-check", "green"),
    "published": Mark(("已发布", "Published"), "checks", "blue"),
    "retracted": Mark(("已撤下", "Taken down"), "x", "grey"),
}
CASE_LEVELS = {
    "zone": ("片区级", "Zone level"),
    "provincial": ("省级", "Provincial level"),
    "recommended": ("省级并推荐国家层面推广", "Provincial level, recommended to the nation"),
}
REPLICATIONS = {
    "unanswered": Mark(("未答复", "Not answered"), "circle-dashed", "grey"),
    "planned": Mark(("计划推广", "Planned"), "calendar-due", "purple"),
    "under_way": Mark(("推广中", "Under way"), "progress", "azure"),
    "adopted": Mark(("已落地", "Adopted"), "checks", "blue"),
    "declined": Mark(("不采用", "Declined"), "x", "yellow"),
}
SERVICES = {
    "catalog": ("任务目录接口", "Catalog API"),
    "progress": ("推进事项接口", "Progress API"),
    "notify": ("消息接口", "Messages API"),
}
INTEGRATORS = {
    "in_step": Mark(("已生效", "In step"), "circle-check", "green"),
    "waiting": Mark(("等待生效", "Waiting"), "progress", "azure"),
    "failed": Mark(("未能生效", "Failed"), "alert-circle", "red"),
    "suspended": Mark(("已停用", "Suspended"), "player-pause", "grey"),
    "removed": Mark(("移除中", "Being removed"), "x", "grey"),
}
WEBHOOKS = {
    "active": Mark(("推送中", "Active"), "circle-check", "green"),
    "failing": Mark(("持续失败", "Failing"), "alert-triangle", "yellow"),
    "paused_owner": Mark(("对接系统已暂停", "Paused by its owner"), "player-pause", "grey"),
    "paused_security": Mark(("安全管理员已暂停", "Paused by security"), "lock", "red"),
    "paused_gone": Mark(("对方不再接收，已暂停", "Gone, paused"), "player-pause", "red"),
    "paused_failing": Mark(("长期失败，已暂停", "Failed too long, paused"), "player-pause", "red"),
}
DELIVERIES = {
    "waiting": Mark(("等待推送", "Waiting"), "progress", "azure"),
    "delivered": Mark(("已送达", "Delivered"), "circle-check", "green"),
    "failed": Mark(("推送失败", "Failed"), "alert-circle", "red"),
    "dropped": Mark(("已取消", "Dropped"), "x", "grey"),
}
DELIVERY_WORDS = {code: shown.words for code, shown in DELIVERIES.items()}
EXPORTS = {
    "making": Mark(("导出中", "Being made"), "progress", "azure"),
    "ready": Mark(("可下载", "Ready"), "circle-check", "green"),
    "failed": Mark(("未完成", "Failed"), "alert-circle", "red"),
}
MESSAGES = {
    "created": Mark(("待发送", "To be sent"), "circle-dashed", "azure"),
    "sending": Mark(("发送中", "Being sent"), "progress", "azure"),
    "sent": Mark(("已发送", "Sent"), "circle-check", "green"),
    "failed": Mark(("发送失败", "Failed"), "alert-circle", "red"),
}
ROBOTS = {
    "active": Mark(("使用中", "Active"), "circle-check", "green"),
    "paused": Mark(("已停用", "Paused"), "player-pause", "grey"),
}
PEOPLE = {
    "active": Mark(("正常", "Active"), "circle-check", "green"),
    "blocked": Mark(("已停用", "Blocked"), "player-pause", "grey"),
}
TRY_OUTCOMES = {
    "sent": ("已发送", "Sent"),
    "later": ("未送达，稍后重试", "Not delivered; tried again later"),
    "failed": ("未送达，不再重试", "Not delivered; not tried again"),
    "unknown": ("结果未知，可能已送达", "Not known; it may have arrived"),
}
WEBHOOK_ORDERINGS = {
    "per_thing": ("同一对象依次推送", "Kept for each thing"),
    "free": ("不保证顺序", "Free"),
}
ATTEMPT_REASONS = {
    "address": ("地址不允许", "Address not allowed"),
    "unresolved": ("域名无法解析", "Name not resolved"),
    "connection": ("无法连接", "No connection"),
    "tls": ("TLS 有误", "TLS failed"),
    "timeout": ("超时", "Timed out"),
    "redirect": ("应答为重定向", "Redirected"),
    "gone": ("对方不再接收", "Gone"),
    "status": ("应答不是 2xx", "Answer other than 2xx"),
    "protocol": ("应答不符合 HTTP", "No valid answer"),
    "interrupted": ("推送中断", "Interrupted"),
}
SYSTEMS = {
    "keycloak": ("统一身份认证（Keycloak）", "Keycloak"),
    "kafka": ("事件总线（Kafka）", "Kafka"),
}
CONSUMERS = {"progress": ("推进", "Progress"), "notify": ("消息", "Messages")}
LETTERS = {
    "waiting": Mark(("待处理", "Waiting"), "alert-triangle", "yellow"),
    "retried": Mark(("已重试", "Retried"), "history", "azure"),
    "discarded": Mark(("已作废", "Discarded"), "x", "grey"),
}
PARTS = {"lead": ("牵头", "lead"), "member": ("配合", "member")}
UNIT_KINDS = {
    "department": ("省直部门", "Provincial department"),
    "central": ("中央驻皖单位", "Central agency"),
    "city": ("市", "City"),
    "enterprise": ("企业", "Enterprise"),
    "office": ("办公室", "Office"),
}
PLAN_KINDS = {
    "special": ("专项行动计划", "Special plan"),
    "zone": ("片区实施方案", "Zone plan"),
    "additional": ("新增计划", "Additional plan"),
}
ZONE_KINDS = {"zone": ("片区", "Zone"), "linked": ("联动创新区", "Linked zone"), "province": ("省级", "Province")}

EDITIONS = {
    "draft": Mark(("草案", "Draft"), "edit", "yellow"),
    "published": Mark(("已发布", "Published"), "circle-check", "green"),
    "returned": Mark(("已退回", "Returned"), "arrow-back-up", "red"),
}
SETUP = {
    "done": Mark(("已完成", "Done"), "circle-check", "green"),
    "open": Mark(("待办理", "To do"), "alert-circle", "yellow"),
    "waiting": Mark(("等待中", "Waiting"), "circle-dashed", "grey"),
    "unknown": Mark(("暂时无法得知", "Not known now"), "plug-connected-x", "grey"),
}
MANUSCRIPTS = {
    "published": Mark(("无未发布改动", "As published"), "circle-check", "grey"),
    "written": Mark(("编制中", "Being written"), "edit", "yellow"),
    "submitted": Mark(("已提交", "Submitted"), "send", "azure"),
    "returned": Mark(("已退回", "Returned"), "arrow-back-up", "red"),
}
IMPORTED = {
    "new": Mark(("新增", "New"), "plus", "green"),
    "changed": Mark(("变更", "Changed"), "edit", "yellow"),
    "unchanged": Mark(("无变化", "Unchanged"), "check", "grey"),
}
TASK_FIELDS = {
    "plan": ("所属计划", "Plan"),
    "number": ("编号", "Number"),
    "title": ("标题", "Title"),
    "text": ("正文", "Text"),
    "units": ("责任单位", "Units"),
    "items": ("分项", "Sub-items"),
    "due": ("完成时限", "Due"),
}
WARNINGS = {
    "no-units": ("缺少责任单位", "No responsible units"),
    "number-missing": ("编号缺失", "Number missing"),
    "number-twice": ("编号重复", "Number twice"),
    "number-out-of-order": ("编号次序有误", "Number out of order"),
    "unit-nearly-known": ("单位名称疑似有误", "Unit name may be misread"),
    "new-unit": ("目录中没有的单位", "Unit not in the catalog"),
    "count-differs": ("任务数与通知所述不符", "Number of tasks differs from what is announced"),
    "plan-missing": ("缺少计划", "Plan missing"),
    "plan-without-tasks": ("计划没有任务", "Plan without tasks"),
    "plan-number-twice": ("计划编号重复", "Plan number twice"),
    "plan-guessed": ("所属计划系推定", "Plan inferred"),
    "title-missing": ("缺少标题", "Title missing"),
    "lead-guessed": ("牵头单位系推定", "Lead inferred"),
    "sub-item-without-units": ("分项缺少责任单位", "Sub-item without units"),
    "units-in-several-places": ("责任单位出现在多处", "Units in several places"),
    "units-without-task": ("责任单位不属于任何任务", "Units without a task"),
    "text-after-units": ("责任单位之后另有文字", "Text after the units"),
    "entries-ignored": ("未作为任务的条目", "Entries not taken as tasks"),
    "bracket-unclosed": ("括号未闭合", "Bracket not closed"),
    "due-unclear": ("时限不明确", "Deadline unclear"),
    "due-differs": ("时限不一致", "Deadlines differ"),
    "page-number-removed": ("已去除页码", "Page number removed"),
    "unreadable-character": ("无法识别的字符", "Unreadable character"),
}


def word(words: dict[str, Both], code: str) -> str:
    """The word for a code; one that is not known yet stands for itself."""
    return t(*words.get(code, (code, code)))


def mark(marks: dict[str, Mark], code: str) -> Mark:
    return marks.get(code, Mark((code, code), "circle-dashed", "grey"))
