"""What waits for whom. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.web.words import Both

Line = Mapping[str, Any]
SHOWN = 6


@dataclass(frozen=True)
class Pile:
    """Lines that wait for the same; ``href`` lists them all where there is such a list."""

    name: str
    words: Both
    icon: str
    colour: str
    lines: Sequence[Line]
    href: str | None = None
    more: bool = False

    @property
    def shown(self) -> Sequence[Line]:
        """The first ones; all of them where no list holds the others."""
        return self.lines[:SHOWN] if self.href else self.lines


def returned(line: Line) -> bool:
    report = line["latest_report"]
    return report is not None and report["status"] == "returned"


def may(action: str) -> Callable[[Line], bool]:
    return lambda line: action in line["actions"]


def by_due(lines: Iterable[Line]) -> list[Line]:
    """Those due first come first; those without a day come last."""
    return sorted(lines, key=lambda line: (line["due"] is None, line["due"] or ""))


def of_office(lines: Sequence[Line]) -> list[Pile]:
    """What waits for a zone's office or a unit, of all its lines; each line on the first pile that it fits."""
    kinds: list[tuple[str, Both, str, str, str | None, Callable[[Line], bool]]] = [
        ("returned", ("被退回，待重报", "Returned to me"), "arrow-back-up", "red", None, _own_returned),
        ("red", ("已逾期", "Overdue"), "clock-exclamation", "red", "/lines?light=red", _open("red")),
        ("yellow", ("临期预警", "At risk"), "alert-triangle", "yellow", "/lines?light=yellow", _open("yellow")),
        ("stalled", *STALLED, lambda line: line["stalled_on"] is not None),
        ("review", ("待我审核", "For my review"), "send", "purple", None, may("review")),
        ("new", ("尚未开始", "Not started"), "circle-dashed", "grey", "/lines?state=not_started", _not_started),
    ]
    left, piles = list(lines), []
    for name, words, icon, colour, href, fits in kinds:
        piles.append(Pile(name, words, icon, colour, by_due(filter(fits, left)), href))
        left = [line for line in left if not fits(line)]
    return piles


def _own_returned(line: Line) -> bool:
    return returned(line) and "report" in line["actions"]


def _not_started(line: Line) -> bool:
    return line["state"] == "not_started" and "report" in line["actions"]


def _open(light: str) -> Callable[[Line], bool]:
    return lambda line: line["light"] == light and line["state"] != "submitted"


STALLED: tuple[Both, str, str, str] = (
    ("长期无进展", "No movement"),
    "player-pause",
    "yellow",
    "/lines?mark=stalled",
)


def stalled(lines: Sequence[Line]) -> Pile:
    """Lines for which nothing was done for long."""
    words, icon, colour, href = STALLED
    return Pile("stalled", words, icon, colour, by_due(lines), href)


def of_province(waiting: Sequence[Line], more: bool, red: Sequence[Line], yellow: Sequence[Line]) -> list[Pile]:
    """What waits for the province: reports to decide on, lines to urge."""
    return [
        Pile("decide", ("待审填报", "Reports to decide"), "send", "purple", waiting, None, more),
        Pile("red", ("已逾期", "Overdue"), "clock-exclamation", "red", by_due(red), "/lines?light=red"),
        Pile("yellow", ("临期预警", "At risk"), "alert-triangle", "yellow", by_due(yellow), "/lines?light=yellow"),
    ]
