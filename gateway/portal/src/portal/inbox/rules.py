"""What stands above the inbox, and up to when it is read. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Both = tuple[str, str]


@dataclass(frozen=True)
class Arrears:
    """What an office is behind with, in both languages, and where its overdue lines are."""

    name: str
    words: Both
    href: str


def arrears(offices: Sequence[Mapping[str, Any]]) -> list[Arrears]:
    """``3 项超期、2 份待报`` of each office."""
    return [Arrears(str(each["office_name"]), _words(each), _href(str(each["office"]))) for each in offices]


_PARTS = (
    ("lines", "{} 项超期", "{} overdue"),
    ("orders", "{} 份督办单逾期", "{} orders overdue"),
    ("filings", "{} 份待报", "{} to file"),
)


def _words(office: Mapping[str, Any]) -> Both:
    said = [(office[name], words, english) for name, words, english in _PARTS if office[name]]
    chinese = "、".join(words.format(number) for number, words, _ in said)
    return chinese, ", ".join(english.format(number) for number, _, english in said)


def _href(office: str) -> str:
    kind, _, code = office.partition(":")
    return f"/lines?light=red&{'jurisdiction' if kind == 'zone' else 'unit'}={code}"


def newest(pages: Iterable[Mapping[str, Any]]) -> str | None:
    """The time of the newest entry of several pages: what came up to it was shown."""
    return max((str(page["items"][0]["at"]) for page in pages if page["items"]), default=None)
