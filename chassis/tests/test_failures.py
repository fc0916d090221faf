import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.failures import passing


def wrapped(error: Exception) -> DBAPIError:
    return DBAPIError("", None, error)


@pytest.mark.parametrize(
    "error",
    [
        PoolTimeout(),
        TimeoutError(),
        ConnectionRefusedError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        wrapped(asyncpg.DeadlockDetectedError()),
        wrapped(asyncpg.LockNotAvailableError()),
    ],
)
def test_it_passes(error: Exception) -> None:
    assert passing(error)


@pytest.mark.parametrize("error", [ValueError(), wrapped(asyncpg.UniqueViolationError()), wrapped(ValueError())])
def test_it_does_not_pass(error: Exception) -> None:
    assert not passing(error)
