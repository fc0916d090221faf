"""Names of units: each name and alias belongs to one unit. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chassis.problems import DomainError

Kind = Literal["department", "central", "city", "enterprise", "office"]
KINDS: tuple[Kind, ...] = ("department", "central", "city", "enterprise", "office")


@dataclass(frozen=True)
class Unit:
    """A responsible unit (责任单位)."""

    code: str
    name: str
    kind: Kind
    aliases: tuple[str, ...] = ()


class NameTaken(DomainError):
    slug = "name-taken"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"名称或别名已属于其他单位：{'、'.join(names)}。")


class CodeTaken(DomainError):
    slug = "code-taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"代码 {code} 已被使用。")


def by_name(units: Iterable[Unit]) -> Mapping[str, Unit]:
    """Units by every name that they go by; a name before an alias."""
    units = list(units)
    aliases = {alias: unit for unit in units for alias in unit.aliases}
    return aliases | {unit.name: unit for unit in units}


def distinct(name: str, aliases: Iterable[str]) -> tuple[str, ...]:
    """The aliases without repeats and without the name itself."""
    return tuple(alias for alias in dict.fromkeys(aliases) if alias != name)
