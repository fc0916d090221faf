"""Two ways of doing something, measured by turns, so that a machine's good and bad moments meet both alike."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

Work = Callable[[], Awaitable[object]]
Figure = Callable[[], Awaitable[float]]


@dataclass(frozen=True)
class Goal:
    """A bound of the ratio, or, in a ``unit``, of our own figure."""

    bound: float
    least: bool = False
    unit: str = ""

    def met(self, found: "Measured") -> bool:
        figure = found.ours if self.unit else found.ratio
        return figure >= self.bound if self.least else figure <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g} {self.unit}".strip()


def most(bound: float, unit: str = "") -> Goal:
    return Goal(bound, unit=unit)


def least(bound: float) -> Goal:
    return Goal(bound, least=True)


@dataclass(frozen=True)
class Measured:
    """Medians of both for one piece of work, and the ratios ours : baseline of the rounds."""

    what: str
    baseline: float
    ours: float
    ratios: tuple[float, ...]
    unit: str = "ms"
    goal: Goal | None = None

    @classmethod
    def of(
        cls, what: str, rounds: Sequence[tuple[float, float]], unit: str = "ms", goal: Goal | None = None
    ) -> "Measured":
        """From the figures of the rounds: the baseline's and ours."""
        baseline, ours = zip(*rounds, strict=True)
        ratios = tuple(our / bare for bare, our in rounds)
        return cls(what, statistics.median(baseline), statistics.median(ours), ratios, unit, goal)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.goal.met(self)

    def row(self) -> str:
        judged = {None: "", True: "met", False: "missed"}[self.met]
        return (
            f"| {self.what} | {self.baseline:,.2f} {self.unit} | {self.ours:,.2f} {self.unit} | {self.ratio:.2f} | "
            f"{min(self.ratios):.2f} to {max(self.ratios):.2f} | {self.goal or ''} | {judged} |"
        )


async def by_turns(baseline: Figure, ours: Figure, rounds: int) -> list[tuple[float, float]]:
    """Each round takes both figures, in changing order; the first round warms up and does not count."""
    found: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        if number % 2:
            first = await baseline()
            found.append((first, await ours()))
        else:
            first = await ours()
            found.append((await baseline(), first))
    return found[1:]


async def alternate(
    what: str, baseline: Work, ours: Work, rounds: int = 9, times: int = 30, goal: Goal | None = None
) -> Measured:
    """The milliseconds of both, each done ``times`` times a round."""
    found = await by_turns(partial(_timed, baseline, times), partial(_timed, ours, times), rounds)
    return Measured.of(what, found, goal=goal)


async def _timed(work: Work, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        await work()
    return (time.perf_counter() - started) / times * 1000
