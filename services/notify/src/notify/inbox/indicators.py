"""What is told of values of indicators (指标值), Chinese and English. Pure."""

from collections.abc import Mapping
from typing import Any

from notify import audiences
from notify.inbox.texts import Texts, english, quoted


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


def concerned(value: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The jurisdiction of a value, and the audiences whose pages show it."""
    jurisdiction, unit = str(value["jurisdiction"]), value.get("unit")
    zone = () if jurisdiction == "province" else (audiences.zone(jurisdiction),)
    return jurisdiction, (audiences.PROVINCE, *zone, *((audiences.unit(str(unit)),) if unit else ()))
