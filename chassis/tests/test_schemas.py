"""What request bodies may say."""

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.schemas import Filter, Input, Line, OptionalText, Text


class Body(Input):
    number: int | None
    numbers: list[int]
    measure: float = 0


def test_a_number_without_a_fraction_is_an_integer() -> None:
    body = Body.model_validate({"number": 41.0, "numbers": [1, 2.0], "measure": 3.0})
    assert (body.number, body.numbers, body.measure) == (41, [1, 2], 3)


@pytest.mark.parametrize("number", [41.5, "41", True, 1e400])
def test_what_is_no_integer_is_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        Body.model_validate({"number": number, "numbers": []})
    with pytest.raises(ValidationError):
        Body.model_validate({"number": 1, "numbers": [number]})


@pytest.mark.parametrize("kind", [Filter, Line, Text, OptionalText])
@pytest.mark.parametrize("text", ["", " ", "推进", " 推进\n", "\x00", "\x00推进", "推进\x00", " \x00 "])
def test_what_is_described_is_what_is_accepted(kind: Any, text: str) -> None:
    adapter = TypeAdapter(kind)
    schema = adapter.json_schema()
    described = len(text) >= schema.get("minLength", 0) and re.search(schema["pattern"], text) is not None
    try:
        adapter.validate_python(text)
    except ValidationError:
        assert not described
    else:
        assert described
