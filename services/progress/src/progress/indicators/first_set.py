"""The first set of indicators: what the notice names in figures, each with its sentence, as drafts for the province to
confirm. ``targets`` stand where the notice says for when a figure is.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field

from chassis.tenancy import Session
from progress.indicators import defining, store
from progress.indicators.schemas import IndicatorIn, TargetIn

_FILE = Path(__file__).with_name("known.json")
BY = "system"


class KnownIndicator(IndicatorIn):
    sentence: str
    targets: list[TargetIn] = Field(default_factory=list)


@cache
def known() -> tuple[KnownIndicator, ...]:
    return tuple(KnownIndicator.model_validate(row) for row in json.loads(_FILE.read_text("utf-8")))


async def load(db: Session, today: date) -> int:
    """A chore: adds those that are not there, once the notice is; how many. What the province changed stays."""
    if not await store.has_tasks(db):
        return 0
    there = await store.known(db, [each.code for each in known()])
    missing = [each for each in known() if each.code not in there]
    for each in missing:
        await _add(db, each)
    return len(missing)


async def _add(db: Session, each: KnownIndicator) -> None:
    given: dict[str, Any] = each.model_dump(exclude={"reason", "sentence", "targets"})
    await defining.define(db, given, "", BY, each.sentence)
    row = await store.data(db, each.code)
    if row is not None and each.targets:
        await defining.target(db, row, [target.model_dump() for target in each.targets], "", BY)
