"""What follows when a value is recorded or revised: audited, published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.tenancy import Session
from progress.indicators import events, rules, values
from progress.indicators.schemas import ValueData


async def settle(db: Session, value_id: UUID, what: str, before: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Audits and publishes what happened to the value; as it is now."""
    after = await values.get(db, value_id)
    assert after is not None  # noqa: S101 - written before
    told, was = _data(after), _data(before) if before else None
    await audit.record(
        db,
        f"indicator_value.{what}",
        "indicator_value",
        value_id,
        was,
        told,
        tenant=after["jurisdiction"],
        reason=after["reason"],
    )
    await events.valued(db, what, told)
    return after


def _data(row: Mapping[str, Any]) -> dict[str, Any]:
    return ValueData.model_validate(labelled(row)).model_dump(mode="json")


def labelled(row: Mapping[str, Any]) -> dict[str, Any]:
    """With its period as it is written."""
    return {**row, "period": rules.slot_at(rules.Period(row["every"]), row["start"]).label}
