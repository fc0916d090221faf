"""What request bodies may say."""

import pytest
from pydantic import ValidationError

from chassis.schemas import Input


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
