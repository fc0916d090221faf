"""Days in JSON."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("应为日期，例如 2026-11-24")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("不是有效的日期") from error


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
