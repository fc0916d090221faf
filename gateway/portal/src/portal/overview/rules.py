"""What the overview's page adds up. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.web.addresses import address

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Sum:
    """Lines of several cells; ``about`` is what they have in common, as the list of lines is asked for it.

    Of a past day there is no such list: ``since`` leads from the number of lines to what has changed there since.
    """

    about: Mapping[str, str]
    lines: int
    by_light: Mapping[str, int]
    by_state: Mapping[str, int]
    since: str = ""

    def href(self, **more: str) -> str:
        """Empty when nothing stands behind the number."""
        if self.since:
            return "" if more else address("/changes", since=self.since, **self.about)
        return address("/lines", **(dict(self.about) | more))


def add(cells: Iterable[Json], since: str = "", **about: str) -> Sum:
    given = list(cells)
    return Sum(about, sum(cell["lines"] for cell in given), _add(given, "by_light"), _add(given, "by_state"), since)


def _add(cells: Sequence[Json], name: str) -> dict[str, int]:
    codes = cells[0][name] if cells else {}
    return {code: sum(cell[name][code] for cell in cells) for code in codes}


def by_kind(plans: Sequence[Json]) -> list[tuple[str, list[Json]]]:
    """The plans as 9 + 3 + N, in the order in which they are given."""
    return [(kind, list(group)) for kind, group in groupby(plans, key=lambda plan: str(plan["kind"]))]


def in_sum(plans: Sequence[Json]) -> str:
    """How many plans there are of each kind: ``9 + 3 + 1``; the last are the N."""
    kinds = [plan["kind"] for plan in plans]
    return " + ".join(str(kinds.count(kind)) for kind in ("special", "zone", "additional"))


def by_place(overview: Json, **about: str) -> list[tuple[str, Sum]]:
    """Name and sum of each jurisdiction."""
    return [
        (
            place["name"],
            add(
                (cell for plan in overview["plans"] for cell in plan["cells"] if cell["jurisdiction"] == place["code"]),
                jurisdiction=place["code"],
                **about,
            ),
        )
        for place in overview["jurisdictions"]
    ]
