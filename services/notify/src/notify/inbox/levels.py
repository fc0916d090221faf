"""Whom of an office a piece of news is for (提醒层级). Pure."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Level(StrEnum):
    """Its writers (填报人): those who do not manage its users. News without a level are for everybody of the office."""

    WRITER = "writer"


def narrowed(level: Level | None, people: Mapping[str, T], admins: Set[str]) -> dict[str, T]:
    """Those of an office's ``people`` whom news of a level are sent to; all, where nobody else would be.

    ``admins`` are all who have the role ``admin``; keys are ``sub``s.
    """
    writers = {sub: each for sub, each in people.items() if sub not in admins}
    return writers if level is Level.WRITER and writers else dict(people)
