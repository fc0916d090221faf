"""What roles and offices are called on the pages of people. Pure."""

from collections.abc import Iterable, Mapping

from portal.web.language import t
from portal.web.words import Both

ROLES: dict[str, Both] = {
    "province": ("省自贸办", "Provincial office"),
    "city": ("片区", "Zone"),
    "department": ("责任单位", "Unit"),
    "integrator": ("对接系统", "Integrator"),
    "operator": ("系统管理员（运维）", "Operator"),
    "security": ("安全管理员", "Security administrator"),
    "auditor": ("审计管理员", "Auditor"),
    "admin": ("本单位管理员", "Administrator of the office"),
}
SYSTEM: Both = ("系统管理（三员）", "System (three hats)")


def names(offices: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What offices are called, by office."""
    return {each["office"]: t(*SYSTEM) if each["office"] == "system" else each["name"] for each in offices}
