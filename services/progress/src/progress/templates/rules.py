"""The stages of a schedule. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A step by its title and its weight among the others."""

    title: str
    weight: int


USUAL = (Stage("制定方案", 20), Stage("组织实施", 60), Stage("总结评估", 20))
"""For plans for which the province has set no other."""
