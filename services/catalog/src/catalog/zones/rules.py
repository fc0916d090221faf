"""Which codes zones may have, and when they may be changed. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from chassis.problems import DomainError

Kind = Literal["zone", "linked"]
RESERVED = frozenset({"province", "system"})


class CodeTaken(DomainError):
    slug = "code-taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"代码 {code} 已被使用或保留。")


class NameTaken(DomainError):
    slug = "name-taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"已有名为 {name} 的片区。")


class CityTaken(DomainError):
    slug = "city-taken"

    def __init__(self, city: str, zone: str) -> None:
        super().__init__(f"{city} 已是{zone}所在的市。")


class ZoneClosed(DomainError):
    """Nothing is written in it any more."""

    slug = "zone-closed"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}已撤销，内容只供查阅。")


class NotClosed(DomainError):
    slug = "not-in-this-state"


def must_be_open(zone: Mapping[str, Any]) -> None:
    """Raises ZoneClosed."""
    if zone["closed_on"]:
        raise ZoneClosed(zone["name"])


def must_be_closed(zone: Mapping[str, Any]) -> None:
    """Raises NotClosed."""
    if not zone["closed_on"]:
        raise NotClosed(f"{zone['name']}没有撤销。")


def usable(code: str) -> bool:
    """Whether a zone may have the code, which is also a tenant's, a topic's, a plan's (``n1`` is a further plan's)."""
    return code not in RESERVED and not re.fullmatch(r"n\d+", code)
