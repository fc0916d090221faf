"""Two ways of doing something, timed by turns, so that a machine's good and bad moments meet both alike."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Work = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Measured:
    """Medians of both for one piece of work, in thousands of the unit, and the ratios ours : baseline of the rounds."""

    what: str
    baseline: float
    ours: float
    ratios: tuple[float, ...]
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def row(self) -> str:
        return (
            f"| {self.what} | {self.baseline * 1000:.2f} {self.unit} | {self.ours * 1000:.2f} {self.unit} | "
            f"{self.ratio:.2f} | {min(self.ratios):.2f} to {max(self.ratios):.2f} |"
        )


async def alternate(what: str, baseline: Work, ours: Work, rounds: int = 9, times: int = 30) -> Measured:
    """Each round does both ``times`` times, in changing order; the first round warms up and does not count."""
    seconds: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        if number % 2:
            first = await _timed(baseline, times)
            seconds.append((first, await _timed(ours, times)))
        else:
            first = await _timed(ours, times)
            seconds.append((await _timed(baseline, times), first))
    counted = seconds[1:]
    return Measured(
        what,
        statistics.median(each for each, _ in counted),
        statistics.median(each for _, each in counted),
        tuple(ours / baseline for baseline, ours in counted),
    )


async def _timed(work: Work, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        await work()
    return (time.perf_counter() - started) / times
