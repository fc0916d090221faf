"""What is told of values of indicators (指标值), Chinese and English. Pure."""

from collections.abc import Mapping
from typing import Any

from notify import audiences
from notify.inbox.texts import COUNT, Texts, english, quoted


def revised(value: Mapping[str, Any]) -> Texts:
    """A value was corrected (修订) after others could read it, with the reason."""
    name, place, period = value["indicator_name"], value["jurisdiction_name"], value["period"]
    number = f"{value['value']}{value['measure']}"
    return Texts(
        f"指标值已修订：{name}",
        f"{place}{quoted(name)}{period} 的数值修订为 {number}，原因：{value['reason']}",
        f"Value revised: {name}",
        f"The value of {quoted(name)} for {period} in {english(str(value['jurisdiction']))} is now {number}. "
        f"Reason: {value['reason']}",
    )


def missing(happened: str, due: str) -> Texts:
    """An office owes values of one day; how many is counted when it is read."""
    if happened == "missing_value.due_soon":
        return Texts(
            f"{COUNT} 项指标值临近填报时限",
            f"{COUNT} 项指标值应于 {due} 前填报，目前尚未填报，请按时填报。",
            f"Values of indicators due soon: {COUNT}",
            f"Values that are due on {due} and not recorded yet: {COUNT}. Please record them in time.",
        )
    return Texts(
        f"{COUNT} 项指标值逾期未报",
        f"{COUNT} 项指标值应于 {due} 前填报，目前仍未填报，请尽快补报。",
        f"Values of indicators overdue: {COUNT}",
        f"Values that were due on {due} and are not recorded: {COUNT}. Please record them soon.",
    )


def concerned(value: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The jurisdiction of a value, and the audiences whose pages show it."""
    jurisdiction, unit = str(value["jurisdiction"]), value.get("unit")
    zone = () if jurisdiction == "province" else (audiences.zone(jurisdiction),)
    return jurisdiction, (audiences.PROVINCE, *zone, *((audiences.unit(str(unit)),) if unit else ()))
