"""The words of indicators."""

from portal.web.words import Both, Mark

STATUSES = {
    "draft": Mark(("待省自贸办确认", "To be confirmed"), "edit", "yellow"),
    "confirmed": Mark(("启用", "In use"), "circle-check", "green"),
    "withdrawn": Mark(("停用", "Out of use"), "x", "grey"),
}
MARKS = {
    "reached": Mark(("已达标", "Reached"), "checks", "blue"),
    "missed": Mark(("未达标", "Missed"), "alert-triangle", "red"),
    "under_way": Mark(("推进中", "Under way"), "progress", "azure"),
    "no_value": Mark(("未填报", "No value"), "circle-dashed", "yellow"),
    "no_target": Mark(("未定目标", "No target"), "circle-dashed", "grey"),
}
KINDS: dict[str, Both] = {
    "flow": ("流量（年内累计）", "Flow (added up over a year)"),
    "stock": ("存量（取年内最后一期）", "Stock (the last of a year)"),
}
AGGREGATIONS: dict[str, Both] = {
    "sum": ("各片区求和", "Sum of the zones"),
    "average": ("各片区平均", "Average of the zones"),
    "none": ("不可汇总", "Not addable"),
}
DIRECTIONS: dict[str, Both] = {"up": ("越大越好", "More is better"), "down": ("越小越好", "Less is better")}
PERIODS: dict[str, Both] = {"month": ("月", "Month"), "quarter": ("季", "Quarter"), "year": ("年", "Year")}
EXAMPLES = {"month": "2026-03", "quarter": "2026-Q1", "year": "2026"}
EFFECTS: dict[str, Both] = {"warn": ("提醒，须填说明", "Warn: needs an explanation"), "refuse": ("拒绝", "Refuse")}
HAPPENED: dict[str, Both] = {
    "defined": ("建立", "Defined"),
    "changed": ("修改", "Changed"),
    "confirmed": ("启用", "Brought into use"),
    "withdrawn": ("停用", "Taken out of use"),
    "targeted": ("下达目标", "Targets set"),
}
