"""What the cockpit draws and ranks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.overview.rules import Sum
from portal.web.addresses import address

Json = Mapping[str, Any]
SHOWN, DAYS = 7, 30
STACK = ("blue", "green", "yellow", "red")
_GAP = 0.2


@dataclass(frozen=True)
class Rect:
    """A piece of a bar, as SVG takes it; ``y`` from above."""

    light: str
    y: str
    height: str


@dataclass(frozen=True)
class Bar:
    """A day with its lights, one above the other."""

    point: Json
    x: str
    width: str
    rects: Sequence[Rect]


@dataclass(frozen=True)
class Trend:
    """``most`` is the number of lines that reaches the top."""

    bars: Sequence[Bar]
    most: int


def trend(points: Sequence[Json]) -> Trend:
    """The last days as stacked bars, the last of them at the right end."""
    last = points[-DAYS:]
    most = max((point["lines"] for point in last), default=0)
    return Trend([_bar(point, number, most or 1) for number, point in enumerate(last, DAYS - len(last))], most)


def _bar(point: Json, number: int, most: int) -> Bar:
    step, below, rects = 100 / DAYS, 0, []
    for light in STACK:
        lines = point["by_light"][light]
        below += lines
        if lines:
            rects.append(Rect(light, _percent(100 - 100 * below / most), _percent(100 * lines / most)))
    return Bar(point, _percent(step * (number + _GAP / 2)), _percent(step * (1 - _GAP)), rects)


def _percent(value: float) -> str:
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Rank:
    """What an office is late with, and where that is listed."""

    name: str
    total: int
    lines: int
    orders: int
    filings: int
    lines_href: str
    orders_href: str


def ranks(offices: Sequence[Json]) -> list[Rank]:
    """The offices in the order in which they are given: late with most first."""
    return [_rank(each) for each in offices]


def _rank(each: Json) -> Rank:
    kind, _, code = each["office"].partition(":")
    about = {"jurisdiction" if kind == "zone" else "unit": code}
    return Rank(
        each["office_name"],
        each["lines"] + each["orders"] + each["filings"],
        each["lines"],
        each["orders"],
        each["filings"],
        address("/lines", light="red", **about),
        address("/orders", office=each["office"], overdue="true"),
    )


_URGENT = ("missed", "no_value", "under_way", "reached")


def standings(indicators: Sequence[Json]) -> list[Json]:
    """The indicators in use that have a target, those that miss it first."""
    given = [each for each in indicators if each["status"] == "confirmed" and each["standing"]["mark"] in _URGENT]
    return sorted(given, key=lambda each: _URGENT.index(each["standing"]["mark"]))


OUTLINE = (
    (131, 3), (182, 27), (230, 48), (246, 65), (248, 90), (254, 108), (296, 113), (288, 132), (271, 133),
    (266, 144), (256, 168), (272, 186), (282, 202), (302, 209), (318, 222), (318, 243), (302, 258), (282, 270),
    (280, 290), (262, 311), (242, 318), (216, 306), (186, 300), (170, 282), (135, 288), (130, 258), (133, 234),
    (124, 212), (104, 192), (124, 171), (119, 144), (104, 132), (84, 108), (82, 96), (100, 78), (115, 60),
    (120, 39), (142, 42),
)  # fmt: skip
"""Anhui in simple lines, not to measure by."""

_AT = {"hefei": (201, 170), "wuhu": (257, 202), "bengbu": (207, 107)}
_LABEL = {"hefei": (48, 140), "wuhu": (272, 172), "bengbu": (222, 72)}
_WORST = ("red", "yellow", "green", "blue")


@dataclass(frozen=True)
class Place:
    """A jurisdiction on the map: its mark, its label's corner, and the most urgent of its lights."""

    name: str
    sum: Sum
    at: tuple[int, int]
    label: tuple[int, int]
    light: str | None


def on_map(places: Sequence[tuple[str, Sum]]) -> list[Place]:
    return [
        Place(name, sums, _AT[code], _LABEL[code], next((light for light in _WORST if sums.by_light.get(light)), None))
        for name, sums in places
        if (code := sums.about["jurisdiction"]) in _AT
    ]


def beyond_map(places: Sequence[tuple[str, Sum]]) -> list[tuple[str, Sum]]:
    """Those that have no place on the map: the province, and zones that came later."""
    return [(name, sums) for name, sums in places if sums.about["jurisdiction"] not in _AT]
