"""Thresholds (亮灯阈值): read by everybody who sees lights, changed by the province."""

from fastapi import Response

from chassis.routing import IfMatch, Router, answer
from chassis.tenancy import Db, RowMapping
from progress.access import DECIDE, READ
from progress.lines.rules import LIGHTS
from progress.thresholds import store
from progress.thresholds.schemas import LightRuleOut, ThresholdsIn, ThresholdsOut

router = Router(tags=["thresholds"])


@router.get("/thresholds", response_model=ThresholdsOut, dependencies=[READ])
async def thresholds(db: Db) -> Response:
    """The rules of lights in their order, and the numbers that they use."""
    return _answer(await store.get(db))


@router.put("/thresholds", response_model=ThresholdsOut, dependencies=[DECIDE])
async def change(given: ThresholdsIn, db: Db, if_match: IfMatch) -> Response:
    """Changes the numbers; lines are judged anew by the clock, within a minute."""
    saved = await store.put(db, given.model_dump(), if_match)
    await store.judge_anew(db)
    return _answer(saved)


def _answer(row: RowMapping) -> Response:
    rules = [LightRuleOut(name=rule.name, light=rule.light) for rule in LIGHTS]
    return answer(ThresholdsOut.model_validate({**row, "rules": rules}), version=row["version"])
