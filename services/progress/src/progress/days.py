"""Days in JSON."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from chassis.problems import Invalid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("应为日期，例如 2026-11-24")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("不是有效的日期") from error


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def must_be_ahead(due: date | None, today: date) -> None:
    """Raises Invalid for something that would be due before it is asked for."""
    if due is not None and due < today:
        raise Invalid("/body/due", "不早于今天")
