import asyncpg
import pytest
from pydantic import BaseModel, ValidationError

from chassis.failures import passing, said


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.LockNotAvailableError(),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    ],
)
def test_it_passes(error: Exception) -> None:
    assert passing(error)


@pytest.mark.parametrize("error", [ValueError(), asyncpg.UniqueViolationError()])
def test_it_does_not_pass(error: Exception) -> None:
    assert not passing(error)


def test_what_is_said_of_a_refused_value_is_not_the_value() -> None:
    class Person(BaseModel):
        name: str
        age: int

    with pytest.raises(ValidationError) as refused:
        Person.model_validate({"name": "王某", "age": "许多"})
    assert said(refused.value) == "Person(age: int_parsing)"
    assert said(ValueError("x")) == "ValueError('x')"
