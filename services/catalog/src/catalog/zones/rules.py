"""Which codes zones may have. Pure."""

import re
from typing import Literal

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


def usable(code: str) -> bool:
    """Whether a zone may have the code, which is also a tenant's, a topic's, a plan's (``n1`` is a further plan's)."""
    return code not in RESERVED and not re.fullmatch(r"n\d+", code)
