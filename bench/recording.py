"""What a process of progress really says to PostgreSQL, out of the server's log."""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.copies import grown, psql, served
from deploy.local.system import System

_ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] )", re.MULTILINE)
_STATEMENT = re.compile(r"\S+ \S+ \S+ \[\d+\] LOG:  (?:statement|execute \S+): (.*)", re.DOTALL)
_GIVEN = re.compile(r"\S+ \S+ \S+ \[\d+\] DETAIL:  [Pp]arameters: (.*)", re.DOTALL)
_VALUE = re.compile(r"\$\d+ = (NULL|'(?:[^']|'')*')")
_PLACE = re.compile(r"\$(\d+)")
_LITERAL = re.compile(r"'(?:[^']|'')*'")


@dataclass(frozen=True)
class Said:
    """A statement and its arguments, as literals of SQL."""

    statement: str
    given: tuple[str, ...] = ()

    def with_(self, given: Callable[[int], str]) -> str:
        """The statement with something else in the place of each argument, by its number from 0."""
        return _PLACE.sub(lambda place: given(int(place[1]) - 1), self.statement)

    def whole(self) -> str:
        return self.with_(self.given.__getitem__)


@contextmanager
def progress(system: System, name: str) -> Iterator[tuple[str, Callable[[], list[Said]]]]:
    """The address of an API of progress on a copy of its database, and what it has said so far."""
    copy, log = grown(system, name), system.instance.log("postgres")
    psql(system.database("progress"), f"ALTER DATABASE {copy} SET log_statement = 'all'")
    begun = log.stat().st_size
    with served(system, copy) as base:
        yield base, lambda: _said(log.read_bytes()[begun:].decode())


def _begun(text: str) -> Said:
    """Who calls stands as literals in the statement that begins a transaction."""
    numbers = itertools.count(1)
    return Said(_LITERAL.sub(lambda _: f"${next(numbers)}", text), tuple(_LITERAL.findall(text)))


def _said(log: str) -> list[Said]:
    found: list[Said] = []
    for entry in _ENTRY.split(log):
        if statement := _STATEMENT.match(entry):
            text = statement[1].strip().rstrip(";").replace("\n\t", "\n")
            found.append(_begun(text) if text.startswith("BEGIN") else Said(text))
        elif given := _GIVEN.match(entry):
            values = tuple(value.replace("\n\t", "\n") for value in _VALUE.findall(given[1]))
            found[-1] = Said(found[-1].statement, values)
    return found
