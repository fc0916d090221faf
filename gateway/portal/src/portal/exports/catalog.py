"""The lists of the catalog as Excel, and that of the accounts."""

from collections.abc import Mapping

from portal.exports.columns import Column, Listed, Row, at, day, mark, moment, names, several, word
from portal.people.words import ROLES
from portal.web import words
from portal.web.language import t

API = "/api/catalog/v1"


def _roles(person: Row) -> str:
    return t("、", ", ").join(words.word(ROLES, role) for role in person["roles"])


def _enabled(person: Row) -> str:
    return t(*words.PEOPLE["active" if person["enabled"] else "blocked"].words)


LISTS: Mapping[str, Listed] = {
    "tasks": Listed(
        ("任务", "Tasks"),
        f"{API}/tasks",
        ("q", "plan", "zone", "unit", "role", "edition"),
        (
            Column(("计划", "Plan"), 28, at("plan", "name")),
            Column(("序号", "No."), 6, at("number")),
            Column(("任务", "Task"), 40, at("title")),
            Column(("内容", "Text"), 60, at("text")),
            Column(("牵头单位", "Lead"), 22, names("responsibilities", "lead")),
            Column(("配合单位", "Members"), 28, names("responsibilities", "member")),
            Column(("片区", "Zones"), 20, several("zones")),
            Column(("完成时限", "Due"), 12, day("due")),
        ),
    ),
    "plans": Listed(
        ("行动计划", "Plans"),
        f"{API}/plans",
        (),
        (
            Column(("代码", "Code"), 12, at("code")),
            Column(("类别", "Kind"), 18, word(words.PLAN_KINDS, "kind")),
            Column(("序号", "No."), 6, at("number")),
            Column(("计划", "Plan"), 48, at("name")),
            Column(("通知所列任务", "Announced tasks"), 14, at("announced_tasks")),
            Column(("已录入任务", "Tasks"), 12, at("tasks")),
        ),
    ),
    "manuscripts": Listed(
        ("编制方案", "Plans being written"),
        f"{API}/manuscripts",
        (),
        (
            Column(("代码", "Code"), 12, at("plan")),
            Column(("类别", "Kind"), 18, word(words.PLAN_KINDS, "kind")),
            Column(("计划", "Plan"), 48, at("name")),
            Column(("通知所列任务", "Announced tasks"), 14, at("announced_tasks")),
            Column(("已发布任务", "Published tasks"), 14, at("published_tasks")),
            Column(("编制中任务", "Tasks being written"), 14, at("written_tasks")),
            Column(("编制人", "Written by"), 14, at("updated_by")),
            Column(("编制时间", "Written"), 18, moment("updated_at")),
        ),
    ),
    "zones": Listed(
        ("片区", "Zones"),
        f"{API}/zones",
        (),
        (
            Column(("代码", "Code"), 12, at("code")),
            Column(("名称", "Name"), 22, at("name")),
            Column(("类别", "Kind"), 14, word(words.ZONE_KINDS, "kind")),
            Column(("所在市", "City"), 14, at("city", "name")),
            Column(("面积（平方公里）", "Area in km²"), 16, at("area_km2")),
            Column(("综合保税区（平方公里）", "Bonded area in km²"), 16, at("bonded_area_km2")),
            Column(("功能定位", "Positioning"), 60, at("positioning")),
            Column(("重点产业", "Industries"), 40, several("industries")),
            Column(("撤销日期", "Closed on"), 12, day("closed_on")),
        ),
    ),
    "units": Listed(
        ("责任单位", "Units"),
        f"{API}/units",
        ("q", "kind"),
        (
            Column(("代码", "Code"), 12, at("code")),
            Column(("名称", "Name"), 28, at("name")),
            Column(("类别", "Kind"), 14, word(words.UNIT_KINDS, "kind")),
            Column(("简称和曾用名", "Aliases"), 40, several("aliases")),
        ),
    ),
    "editions": Listed(
        ("目录版本", "Editions"),
        f"{API}/editions",
        ("status",),
        (
            Column(("版本", "Edition"), 8, at("number")),
            Column(("状态", "Status"), 12, mark(words.EDITIONS, "status")),
            Column(("依据文件", "Document"), 48, at("document")),
            Column(("新增任务", "New"), 10, at("new")),
            Column(("变更任务", "Changed"), 10, at("changed")),
            Column(("取消任务", "Withdrawn"), 10, at("withdrawn")),
            Column(("起草时间", "Drafted"), 18, moment("created_at")),
            Column(("起草人", "Drafted by"), 14, at("created_by")),
            Column(("发布时间", "Published"), 18, moment("published_at")),
            Column(("发布人", "Published by"), 14, at("published_by")),
        ),
    ),
    "people": Listed(
        ("用户", "People"),
        f"{API}/people",
        ("q", "office"),
        (
            Column(("姓名", "Name"), 16, at("name")),
            Column(("用户名", "Account"), 20, at("username")),
            Column(("邮箱", "E-mail"), 28, at("email")),
            Column(("单位代码", "Office"), 18, at("office")),
            Column(("角色", "Roles"), 32, _roles),
            Column(("状态", "State"), 10, _enabled),
        ),
        renamed={"q": "search"},
    ),
}
