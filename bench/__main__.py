"""``python -m bench`` measures on a system of its own, in at most a quarter of an hour; what it finds is in
``.run/bench``: ``table.md``, ``ratios.svg``, a chart for each curve, and flame graphs.

``python -m bench lists events`` measures these subjects alone. Two take minutes and are left out otherwise: ``python -m
bench peers`` measures against another system, ``python -m bench pages`` every page at ten times the data.
"""

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

from bench import (
    charts,
    costs,
    desk,
    events,
    flames,
    growth,
    lists,
    notices,
    overview,
    pages,
    peers,
    sheets,
    streams,
    whole,
    writes,
    years,
)
from bench.alternating import Measured
from bench.charts import Curve
from deploy.local.instance import ROOT
from deploy.local.system import fresh

SUBJECTS = (lists, writes, overview, events, desk, notices, years, streams, costs, sheets)
"""Years come before what reports on lines, since each line of theirs has a report a month; a sheet that is taken over
comes last: it leaves no line that has not begun, which others report on.
"""
HEAD = (
    "| what | baseline | ours | ratio | ratios of the rounds | goal | |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)
CURVES = ("| curve | asked | figures | unit |", "| --- | --- | --- | --- |")


def main(chosen: Iterable[str]) -> None:
    folder, names = ROOT / ".run" / "bench", {f"bench.{name}" for name in chosen}
    wanted = [subject for subject in (*SUBJECTS, peers, pages) if subject.__name__ in names] if names else SUBJECTS
    rows: list[Measured] = []
    curves: list[Curve] = []
    with fresh(folder / "system") as system:
        for subject in wanted:
            rows += _told(asyncio.run(subject.measure(system)))
        if not names or growth.__name__ in names:
            curves += asyncio.run(growth.measure(system))
        if not names or flames.__name__ in names:
            asyncio.run(flames.draw(system, folder))
    if not names or whole.__name__ in names:
        rows += _told(asyncio.run(whole.measure(folder / "system")))
    _write(folder, rows, curves)


def _told(found: list[Measured]) -> list[Measured]:
    """As soon as it is there."""
    for row in found:
        print(row.row(), flush=True)
    return found


def _write(folder: Path, rows: list[Measured], curves: list[Curve]) -> None:
    table = "\n".join(
        (*HEAD, *(row.row() for row in rows), "", *CURVES, *(row for each in curves for row in each.rows()))
    )
    (folder / "table.md").write_text(f"{table}\n", "utf-8")
    (folder / "ratios.svg").write_text(charts.ratios(rows), "utf-8")
    for curve in curves:
        (folder / f"{curve.name}.svg").write_text(curve.svg(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
