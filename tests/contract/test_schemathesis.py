"""Whatever is sent to the services through the gateway, by whomever: the answer is as their OpenAPI says, and no 5xx.

It goes on beside other tests, on the system in which a quarter was lived through.
"""

import pytest

from tests.contract.fuzzing import RUNS, Fuzzing


@pytest.mark.parametrize(("users", "service"), RUNS)
def test_every_answer_is_as_described(fuzzing: Fuzzing, users: str, service: str) -> None:
    found = fuzzing.found(users, service)
    assert not found, found
