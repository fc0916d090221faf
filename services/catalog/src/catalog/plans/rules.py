"""Plans and their codes. Pure."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["special", "zone", "additional"]


@dataclass(frozen=True)
class Plan:
    """A plan (计划、方案). Codes: ``1`` … for special ones, the zone's code for a zone's, ``n1`` … for further ones.

    ``zones`` are those in which all tasks of a further plan open lines, whomever they name.
    """

    code: str
    number: int
    name: str
    kind: Kind
    zone: str | None = None
    announced_aspects: int | None = None
    announced_tasks: int | None = None
    zones: tuple[str, ...] = ()


def task_code(plan: Plan, number: int) -> str:
    """Special plans number their tasks throughout; others each from 1."""
    return str(number) if plan.kind == "special" else f"{plan.code}-{number}"
