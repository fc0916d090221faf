"""Whose token is sent (``ZP_FUZZ_USERS``, demo users by commas; an empty one for no token), and checks beside those of
schemathesis.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from deploy.local.instance import Instance
from deploy.local.system import System
from tests.contract.beyond import is_beyond_schemas

USERS = os.environ["ZP_FUZZ_USERS"].split(",")
SYSTEM = System(Instance.at(Path(os.environ["ZP_TEST_SYSTEM"])))


@schemathesis.auth(refresh_interval=None)
class InTurn:
    """Each case of an operation is the next user's. Its token is good for another minute."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()

    def get(self, case: Case[Any], context: AuthContext) -> str:
        """The user."""
        turn = self._asked[case.operation.label]
        self._asked[case.operation.label] += 1
        return USERS[turn % len(USERS)]

    def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
        if data:
            case.headers["Authorization"] = f"Bearer {SYSTEM.token(data)}"


def follows_nothing(case: Case[Any], pointer: str) -> bool:
    """A link from one answer to the next path was made of a field that is null, and ``None`` stands in the path."""
    name = pointer.removeprefix("/path/")
    return name != pointer and str((case.path_parameters or {}).get(name)) == "None"


@schemathesis.check
def valid_data_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """What fits the description is accepted; but no schema knows cursors, used keys, notices, days, codes."""
    if response.status_code == 422:
        pointers = [error["pointer"] for error in response.json()["errors"]]
        if all(is_beyond_schemas(pointer) or follows_nothing(case, pointer) for pointer in pointers):
            return None
    return positive_data_acceptance(ctx, response, case)


@schemathesis.check
def refusals_are_problems(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Every 4xx and 5xx is ``application/problem+json`` with its own status in it."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
        assert response.json()["status"] == response.status_code
    return None
