"""How definitions and targets change: held against each other, kept as a version, audited, published."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chassis import audit
from chassis.problems import Conflict
from chassis.tenancy import Session
from progress.indicators import events, rules, store
from progress.indicators.rules import Action, Indicator, Status
from progress.indicators.schemas import IndicatorData, TargetOut

DECISIONS = {Action.CONFIRM: (Status.CONFIRMED, "confirmed"), Action.WITHDRAW: (Status.WITHDRAWN, "withdrawn")}


async def define(db: Session, given: Mapping[str, Any], reason: str, by: str, sentence: str | None = None) -> None:
    """A new definition, as a draft. Raises Conflict when its code is taken or there are too many."""
    await store.lock(db)
    others = await _others(db, given["code"])
    if len(others) >= rules.MOST:
        raise Conflict("too-many-indicators", f"最多 {rules.MOST} 个指标。")
    await _must_have_unit(db, given)
    if not await store.add(db, given, sentence):
        raise Conflict("code-taken", "已有使用该代码的指标。")
    await _must_fit(db, given["code"], others)
    await _settle(db, given["code"], "defined", None, reason, by)


async def change(db: Session, row: Mapping[str, Any], given: Mapping[str, Any], reason: str, by: str) -> None:
    rules.must_allow(Action.EDIT, store.definition(row))
    await _must_have_unit(db, given)
    own_values = given["formula"] is not None or given["period"] != row["period"]
    if own_values and await store.has_values(db, row["code"]):
        raise rules.Used("该指标已有填报的数值，不能改报告期或改为公式计算。")
    await store.change(db, row["code"], given)
    await _must_fit(db, row["code"], await _others(db, row["code"]))
    await _settle(db, row["code"], "changed", row, reason, by)


async def decide(db: Session, row: Mapping[str, Any], action: Action, reason: str, by: str, today: date) -> None:
    """Confirms or withdraws."""
    rules.must_allow(action, store.definition(row))
    status, what = DECISIONS[action]
    others = await _others(db, row["code"])
    if action is Action.WITHDRAW:
        rules.must_be_unused(row["code"], others)
    await store.set_status(db, row["code"], status, today)
    if action is Action.CONFIRM:
        await _must_fit(db, row["code"], others)
    await _settle(db, row["code"], what, row, reason, by)


async def target(
    db: Session, row: Mapping[str, Any], targets: Sequence[Mapping[str, Any]], reason: str, by: str
) -> None:
    """Sets all targets; those whose targets differ are told."""
    rules.must_allow(Action.TARGET, store.definition(row))
    places = await store.places(db)
    wanted = {(each["jurisdiction"], each["year"]) for each in targets}
    if len(wanted) < len(targets):
        raise rules.UnknownPlace("同一辖区、同一年度只能有一个目标。")
    unknown = sorted({place for place, _ in wanted} - places.keys())
    if unknown:
        raise rules.UnknownPlace(f"没有代码为 {'、'.join(unknown)} 的辖区。")
    before = await store.targets(db, row["code"])
    await store.set_targets(db, row["code"], targets)
    await store.touch(db, row["code"])
    after = await store.targets(db, row["code"])
    told = await _keep(db, row["code"], "targeted", reason, by)
    for place in places:
        was, now = ([each for each in given if each["jurisdiction"] == place] for given in (before, after))
        if was != now:
            await events.targeted(db, told, place, _plain(now))
    audited = [{"code": row["code"], "targets": _plain(given)} for given in (before, after)]
    await audit.record(db, "indicator.targeted", "indicator", row["id"], *audited, reason=reason or None)


def _plain(targets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [TargetOut.model_validate(each).model_dump(mode="json") for each in targets]


async def _others(db: Session, code: str) -> list[Indicator]:
    return [store.definition(row) for row in await store.all_data(db) if row["code"] != code]


async def _must_have_unit(db: Session, given: Mapping[str, Any]) -> None:
    if given["unit"] is not None and not await store.unit_exists(db, given["unit"]):
        raise rules.UnknownUnit("没有该代码的责任单位。")


async def _must_fit(db: Session, code: str, others: Sequence[Indicator]) -> None:
    row = await store.data(db, code)
    assert row is not None  # noqa: S101 - written before
    rules.must_fit(store.definition(row), others)


async def _settle(db: Session, code: str, what: str, before: Mapping[str, Any] | None, reason: str, by: str) -> None:
    told = await _keep(db, code, what, reason, by)
    was = _data(before) if before else None
    await audit.record(db, f"indicator.{what}", "indicator", told["id"], was, told, reason=reason or None)
    await events.tell(db, what, told)


async def _keep(db: Session, code: str, what: str, reason: str, by: str) -> dict[str, Any]:
    """Keeps the present version with its targets; the definition as it is told."""
    row = await store.data(db, code)
    assert row is not None  # noqa: S101 - written before
    told = _data(row)
    kept = told | {"targets": _plain(await store.targets(db, code))}
    await store.keep(db, code, what, kept, reason or None, by)
    return told


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    return IndicatorData.model_validate(dict(row)).model_dump(mode="json")
