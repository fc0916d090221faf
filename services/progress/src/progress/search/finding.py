"""Finds by kind. What is few is looked through here, letter by letter too; reports by their words alone."""

from collections.abc import Sequence

from chassis.tenancy import RowMapping, Session
from progress.search import rules, store
from progress.search.rules import Kind

MOST = 6


async def find(db: Session, words: Sequence[str]) -> dict[Kind, list[RowMapping]]:
    """What has all words, by kind; one more than is shown where there is more."""
    tasks = [(task, rules.left(words, task["title"], text=task["text"])) for task in await store.tasks(db)]
    return {
        Kind.LINE: list(await store.lines(db, await _places(db, tasks, words), MOST + 1)),
        Kind.ORDER: await _written(db, Kind.ORDER, words),
        Kind.PROBLEM: await _written(db, Kind.PROBLEM, words),
        Kind.REPORT: list(await store.reports(db, words, MOST + 1)),
        Kind.CASE: await _written(db, Kind.CASE, words),
        Kind.TASK: [task for task, left in tasks if not left][: MOST + 1],
        Kind.UNIT: _named(await store.units(db), words),
    }


async def _places(
    db: Session, tasks: Sequence[tuple[RowMapping, list[str]]], words: Sequence[str]
) -> list[tuple[str, str]]:
    """Where a task, which leaves some words, and a jurisdiction's name together have all that is sought."""
    lacking = {code: set(rules.left(words, name)) for code, name in (await store.jurisdictions(db)).items()}
    return [(task["id"], code) for task, left in tasks for code, without in lacking.items() if without.isdisjoint(left)]


async def _written(db: Session, kind: Kind, words: Sequence[str]) -> list[RowMapping]:
    found = list(await store.written(db, kind, words, MOST + 1))
    if not found and all(rules.is_spelt(word) for word in words):
        found = _named(await store.titles(db, kind), words)
    return found


def _named(rows: Sequence[RowMapping], words: Sequence[str]) -> list[RowMapping]:
    return [row for row in rows if rules.fits(words, row["title"], row["about"])][: MOST + 1]
