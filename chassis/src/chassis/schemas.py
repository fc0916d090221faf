"""Bases of what the APIs take and return."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    field_validator,
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class Input(BaseModel):
    """A request body: unknown fields and loose types (``false`` for 0) are refused; 41.0 is an integer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _integers(cls, value: object) -> object:
        return [_integer(each) for each in value] if isinstance(value, list) else _integer(value)


def _integer(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Output(BaseModel):
    """An answer; clients ignore fields that they do not know, so fields may be added."""

    model_config = ConfigDict(from_attributes=True)


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= ch <= "\udfff" for ch in text):
        raise ValueError("不能包含空字符或不完整的字符")
    return text


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("应为日期，例如 2026-11-24")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("不是有效的日期") from error


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value) or not value.isascii():
        raise ValueError("应为 RFC 3339 格式的时间，例如 2026-11-24T08:00:00Z")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("不是有效的时间") from error


def _documented(pattern: str) -> Any:
    """Tells the callers what is refused with a better reason than a pattern that does not match."""
    return Field(json_schema_extra={"pattern": pattern})


Storable = AfterValidator(_storable)
_ANY, _FILLED = _documented(r"^[^\x00]*$"), _documented(r"^[^\x00]*[^\s\x00][^\x00]*$")
Filter = Annotated[str, StringConstraints(min_length=1, max_length=100), Storable, _ANY]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable, _FILLED]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), Storable, _FILLED]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), Storable, _ANY]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
