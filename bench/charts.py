"""Charts as SVG: the ratios against their goals, and how a cost grows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bench.alternating import Measured

WIDTH, ROW, LEFT, RIGHT = 960, 26, 470, 90
HEIGHT, MARGIN = 320, 56
MET, MISSED, PLAIN = "#2e7d4f", "#c0392b", "#5b6f86"
COLOURS = ("#1f5fa8", "#c0392b", "#2e7d4f", "#8e5aa8")
Points = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Curve:
    """How a cost (``unit``) grows with ``grows``: for each thing that was asked, its points."""

    what: str
    grows: str
    unit: str
    points: dict[str, Points]

    @property
    def name(self) -> str:
        return self.what.replace(" ", "-")

    def rows(self) -> Iterable[str]:
        """For the table of curves: each thing with its figures in turn."""
        for asked, points in self.points.items():
            figures = ", ".join(f"{y:,.2f} at {x:,.0f}" for x, y in points)
            yield f"| {self.what} | {asked} | {figures} | {self.unit} |"

    def svg(self) -> str:
        xs = [x for points in self.points.values() for x, _ in points]
        top = max(y for points in self.points.values() for _, y in points) * 1.1
        least, most = math.log10(max(1, min(xs))), math.log10(max(xs))

        def place(x: float, y: float) -> tuple[float, float]:
            share = (math.log10(max(1, x)) - least) / (most - least)
            return MARGIN + share * (WIDTH - 3 * MARGIN - 160), HEIGHT - MARGIN - y / top * (HEIGHT - 2 * MARGIN)

        drawn = [_text(MARGIN, 24, f"{self.what} ({self.unit}), by {self.grows}")]
        drawn += [_text(place(x, 0)[0], HEIGHT - MARGIN + 20, f"{x:,.0f}", "middle") for x in sorted(set(xs))]
        drawn += [_text(MARGIN - 8, place(1, y)[1] + 4, f"{y:,.3g}", "end") for y in (0, top / 2.2, top / 1.1)]
        drawn.append(f'<path d="M{MARGIN} {MARGIN}V{HEIGHT - MARGIN}H{WIDTH - 2 * MARGIN - 160}" class="axis"/>')
        ends: list[tuple[float, float, str, str]] = []
        for (asked, points), colour in zip(self.points.items(), COLOURS, strict=False):
            spots = [place(*point) for point in points]
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
            drawn.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in spots]
            ends.append((spots[-1][1], spots[-1][0], asked, colour))
        drawn += _labels(ends)
        return _svg(HEIGHT, drawn)


def _labels(ends: Iterable[tuple[float, float, str, str]]) -> Iterable[str]:
    """Beside the ends of curves (y, x, text, colour), without one on another."""
    free = 0.0
    for y, x, said, colour in sorted(ends):
        free = max(free, y + 4)
        yield _text(x + 10, free, said, colour=colour)
        free += 16


def ratios(rows: Sequence[Measured]) -> str:
    """A bar for each ratio, on a logarithmic scale around 1, with its spread and its goal."""
    drawn: list[str] = []
    for number, row in enumerate(rows):
        y = 40 + number * ROW
        low, here, high = (_place(each) for each in (min(row.ratios), row.ratio, max(row.ratios)))
        colour = {None: PLAIN, True: MET, False: MISSED}[row.met]
        begin, end = sorted((_place(1), here))
        drawn.append(_text(LEFT - 10, y + 14, row.what, "end"))
        drawn.append(f'<rect x="{begin:.1f}" y="{y + 4}" width="{end - begin:.1f}" height="14" fill="{colour}"/>')
        drawn.append(f'<path d="M{low:.1f} {y + 11}H{high:.1f}" class="axis"/>')
        drawn.append(_text(WIDTH - RIGHT + 14, y + 15, f"{row.ratio:.2f}"))
        if row.goal and not row.goal.unit:
            drawn.append(f'<path d="M{_place(row.goal.bound):.1f} {y}v22" class="goal"/>')
    height = 60 + len(rows) * ROW
    drawn.append(f'<path d="M{_place(1):.1f} 30V{height - 20}" class="axis"/>')
    title = "Ours against the baseline: medians, spread (line) and goal (dashed); 1 is the same"
    return _svg(height, [_text(10, 20, title), *drawn])


def _place(ratio: float) -> float:
    """From a hundredth to a hundred times."""
    share = (math.log(min(100, max(1 / 100, ratio)), 100) + 1) / 2
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _text(x: float, y: float, said: str, anchor: str = "start", colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(said)}</text>'


def _svg(height: int, drawn: Iterable[str]) -> str:
    style = "text{font:13px sans-serif}.axis{stroke:#222;fill:none}.goal{stroke:#222;stroke-dasharray:4 3}"
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">\n'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )
