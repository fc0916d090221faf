"""By what lists of lines are sorted, and from where a page of them goes on.

Each key has an index. Lines that have it in common are in the order of plans; descending is the same backwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from progress.lines.rules import State
from progress.pagination import bigint, code

By = Literal["due", "-due", "state", "-state", "percent", "-percent", "unit", "-unit", "reported", "-reported"]
_PLACE = ("l.plan_rank", "l.task_number", "l.jurisdiction", "l.id")


@dataclass(frozen=True)
class Key:
    """``column`` is what a cursor carries, read by ``read``; ``sql`` is what is sorted by, made of it."""

    column: str
    type: str
    read: Callable[[Any], Any]
    sql: str = "{}"


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _instant(value: Any) -> datetime | None:
    """Raises ValueError for one that does not say its zone."""
    found = None if value is None else datetime.fromisoformat(value)
    if found is not None and found.tzinfo is None:
        raise ValueError("no zone")
    return found


_STATES = ", ".join(f"'{state}'" for state in State)
KEYS: Mapping[str, Key] = {
    "due": Key("l.due", "date", _day, "coalesce({}, DATE 'infinity')"),
    "state": Key("l.state", "text", State, f"array_position(ARRAY[{_STATES}], {{}})"),
    "percent": Key("l.percent", "bigint", bigint),
    "unit": Key("l.leads[1]", "text", code, """({}) COLLATE "C" """),
    "reported": Key("l.reported_at", "timestamptz", _instant, "coalesce({}, TIMESTAMPTZ '-infinity')"),
}


@dataclass(frozen=True)
class Sorted:
    """How a list is sorted; without ``key`` by plan, task and jurisdiction."""

    key: Key | None = None
    backwards: bool = False

    @classmethod
    def by(cls, name: By | None) -> "Sorted":
        return cls(KEYS[name.removeprefix("-")], name.startswith("-")) if name else cls()

    @property
    def order(self) -> str:
        keys = (*([self.key.sql.format(self.key.column)] if self.key else []), *_PLACE)
        return ", ".join(f"{key} DESC" if self.backwards else key for key in keys)

    @property
    def beside(self) -> str:
        """What a cursor carries and a line does not show."""
        key = f"{self.key.column} AS _key, " if self.key else ""
        return f"{key}l.plan_rank AS _rank, l.task_number AS _number"

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(["_key"] if self.key else []), "_rank", "_number", "jurisdiction", "id")

    @property
    def types(self) -> tuple[Callable[[Any], Any], ...]:
        return (*([self.key.read] if self.key else []), bigint, bigint, code, UUID)

    @property
    def after(self) -> str:
        """The condition for what comes after a cursor, whose values are bound by ``bound``."""
        keys = [self.key.sql.format(self.key.column)] if self.key else []
        binds = [self.key.sql.format(f"CAST(:after_key AS {self.key.type})")] if self.key else []
        columns, values = ", ".join((*keys, *_PLACE)), ", ".join((*binds, ":rank", ":number", ":after", ":id"))
        return f"({columns}) {'<' if self.backwards else '>'} ({values})"

    def bound(self, values: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip((*(["after_key"] if self.key else []), "rank", "number", "after", "id"), values, strict=True))
