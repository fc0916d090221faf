"""Files that are made as a whole, not row by row: official documents, and the results of reporting periods."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from chassis import documents, spreadsheets
from chassis.auth import Caller
from portal.exports.rules import TooMany
from portal.web.api import Api, Missing
from portal.web.lists import page_of
from portal.web.words import Both

MOST = 20_000
"""Rows that a document may have."""
PERIOD = "/api/progress/v1/periods"


class Reading:
    """What a file is made of, in the name of its reader: rows counted, and not more than ``most`` of them.

    ``api`` has a token that is good for some time, each time it is called.
    """

    def __init__(self, api: Callable[[], Awaitable[Api]], user: Caller, office: str, most: int) -> None:
        self.api, self.user, self.office = api, user, office
        self.most, self.done = most, 0

    async def get(self, path: str, **params: object) -> Any:
        return await (await self.api()).get(path, **params)

    def count(self, rows: int) -> None:
        """So many more; raises TooMany."""
        self.done += rows
        if self.done > self.most:
            raise TooMany

    async def all_of(self, path: str, **narrowed: object) -> list[dict[str, Any]]:
        """A list over all pages of the API; raises TooMany."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            rows, cursor = await page_of(await self.api(), path, cursor, **narrowed)
            self.count(len(rows))
            found += rows
        return found


@dataclass(frozen=True)
class Made:
    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True)
class Whole:
    """``names`` are the parameters of its page. ``make`` raises TooMany, and Missing for what is not there."""

    words: Both
    suffix: str
    media_type: str
    names: tuple[str, ...]
    make: Callable[[Reading, Mapping[str, str]], Awaitable[Made]]

    def query(self, given: Mapping[str, str]) -> str:
        """Those parameters that say what is in it."""
        return urlencode({name: given[name] for name in self.names if given.get(name)})


async def _results(reading: Reading, given: Mapping[str, str], kind: str) -> Made:
    """What was filed in a period, which progress writes itself."""
    try:
        path = f"{PERIOD}/{UUID(given.get('period', ''))}"
    except ValueError as error:
        raise Missing from error
    period = await reading.get(path)
    reading.count(sum(cell["expected"] for cell in period["cells"]))
    file = await (await reading.api()).download(f"{path}/results", format=kind)
    return Made(file.content, f"{period['title']}报送结果.{kind}", file.headers["content-type"])


async def _excel(reading: Reading, given: Mapping[str, str]) -> Made:
    return await _results(reading, given, "xlsx")


async def _word(reading: Reading, given: Mapping[str, str]) -> Made:
    return await _results(reading, given, "docx")


RESULTS: Mapping[str, Whole] = {
    "results-xlsx": Whole(
        ("报送结果（Excel）", "Results of a period (Excel)"), "xlsx", spreadsheets.MEDIA_TYPE, ("period",), _excel
    ),
    "results-docx": Whole(
        ("报送结果（Word）", "Results of a period (Word)"), "docx", documents.MEDIA_TYPE, ("period",), _word
    ),
}
