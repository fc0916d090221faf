"""How a list becomes rows of a sheet: where it comes from, and what each column shows of a row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from chassis import spreadsheets
from chassis.clock import SHANGHAI
from chassis.spreadsheets import Value
from portal.web import words
from portal.web.language import t
from portal.web.words import Both, Mark

Row = Mapping[str, Any]
_PART = re.compile(r"[\w-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Column:
    """``value`` is called in the reader's language."""

    words: Both
    width: int
    value: Callable[[Row], Value]


@dataclass(frozen=True)
class Listed:
    """``narrowed_by`` are the parameters of the page that its API knows too, and ``renamed`` those of which it has
    another name; ``parts`` stand in the API's path. An item of the API is a row, or has several ``rows``.
    """

    words: Both
    api: str
    narrowed_by: Sequence[str]
    columns: Sequence[Column]
    parts: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[[Row], Sequence[Row]] = lambda item: (item,)
    suffix: ClassVar[str] = "xlsx"
    media_type: ClassVar[str] = spreadsheets.MEDIA_TYPE

    def query(self, given: Mapping[str, str]) -> str:
        """Those parameters of a page that say what of the list is shown."""
        return urlencode({name: given[name] for name in (*self.parts, *self.narrowed_by) if given.get(name)})

    def asked(self, given: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
        """The API's path and parameters for those of a page; None when they name no list."""
        parts = {name: given.get(name, "") for name in self.parts}
        if not all(_PART.fullmatch(part) for part in parts.values()):
            return None
        narrowed = {self.renamed.get(name, name): given[name] for name in self.narrowed_by if given.get(name)}
        return self.api.format_map(parts), narrowed

    def heading(self) -> tuple[str, list[spreadsheets.Column]]:
        """The name of the sheet and its columns."""
        return t(*self.words), [spreadsheets.Column(t(*column.words), column.width) for column in self.columns]

    def cells(self, items: Sequence[Row]) -> list[list[Value]]:
        return [[column.value(row) for column in self.columns] for item in items for row in self.rows(item)]


def at(*path: str) -> Callable[[Row], Any]:
    """What stands in the row at these names; None where there is none."""

    def value(row: Row) -> Any:
        found: Any = row
        for name in path:
            found = None if found is None else found[name]
        return found

    return value


def day(name: str) -> Callable[[Row], Value]:
    return lambda row: date.fromisoformat(row[name]) if row[name] else None


def moment(*path: str) -> Callable[[Row], Value]:
    def value(row: Row) -> Value:
        found = at(*path)(row)
        return found and datetime.fromisoformat(found).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)

    return value


def mark(marks: dict[str, Mark], name: str) -> Callable[[Row], Value]:
    return lambda row: t(*words.mark(marks, row[name]).words) if row[name] else None


def word(known: dict[str, Both], name: str) -> Callable[[Row], Value]:
    return lambda row: words.word(known, row[name]) if row[name] else None


def figure(*path: str) -> Callable[[Row], Value]:
    """A number that the API gives as text, to keep all its digits."""

    def value(row: Row) -> Value:
        found = at(*path)(row)
        return None if found is None else float(found)

    return value


def yes(name: str) -> Callable[[Row], Value]:
    """A yes or no; nothing where it is not known."""
    return lambda row: None if row[name] is None else t("是", "Yes") if row[name] else t("否", "No")


def several(name: str) -> Callable[[Row], Value]:
    return lambda row: t("、", ", ").join(row[name])


def names(name: str, role: str = "") -> Callable[[Row], Value]:
    """The names of units, or of those with a role."""
    return lambda row: t("、", ", ").join(
        each.get("unit", each)["name"] for each in row[name] if not role or each["role"] == role
    )
