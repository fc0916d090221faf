"""Bases of what the APIs take and return."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator


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


def _documented(pattern: str) -> Any:
    """Tells the callers what is refused with a better reason than a pattern that does not match."""
    return Field(json_schema_extra={"pattern": pattern})


Storable = AfterValidator(_storable)
_ANY, _FILLED = _documented(r"^[^\x00]*$"), _documented(r"^[^\x00]*\S[^\x00]*$")
Filter = Annotated[str, StringConstraints(min_length=1, max_length=100), Storable, _ANY]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Storable, _FILLED]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), Storable, _FILLED]
OptionalText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), Storable, _ANY]
