"""Whose token is sent (``ZP_FUZZ_USER``, a demo user; empty for none), and checks beside those of schemathesis."""

import os
import re
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from deploy.local.instance import Instance
from deploy.local.system import System

USER = os.environ["ZP_FUZZ_USER"]
SYSTEM = System(Instance.at(Path(os.environ["ZP_TEST_SYSTEM"])))
DAYS = (["/body/deadline"], ["/body/milestones"], ["/body/on"], ["/body/sign_due"], ["/body/answer_due"])
MEETINGS = (["/body/until"], ["/body/due"], ["/body/held_on"], ["/body/readers"], ["/body/parts"], ["/body/office"])
OFFICES = (["/body/lead"], ["/body/members"], ["/body/addressee"], ["/body/lines"], ["/body/line_id"])
PERIODS = (["/body/ends"], ["/body/due"], ["/body/grace"], ["/body/locks"], ["/body/plans"], ["/body/reason"])
FILINGS = (["/body/until"], ["/body/confidence"])
SETTINGS = (["/body/days"], ["/body/stages"], ["/body/start"], ["/body/plan"], ["/body/jurisdiction"])
CASES = (["/body/tasks"], ["/body/units"], ["/body/points"], ["/body/criteria"], ["/body/expert"])
INDICATORS = tuple(
    [f"/body/{name}"] for name in ("formula", "checks", "unit", "targets", "jurisdiction", "period", "explanation")
)
PAST = (["/query/on"], ["/query/since"], ["/query/until"])
SCHEMES = (["/body/items"], ["/body/item"], ["/body/fact"])
HANDOVERS = (["/body/receiver"], ["/body/giver"])
BULLETINS = (["/body/period_id"], ["/body/since"])
BEYOND_SCHEMAS = (
    ["/query/cursor"],
    ["/query/after"],
    ["/header/Idempotency-Key"],
    ["/body/file"],
    *DAYS,
    *OFFICES,
    *PERIODS,
    *FILINGS,
    *SETTINGS,
    *SCHEMES,
    *HANDOVERS,
    *BULLETINS,
    *CASES,
    *PAST,
    *MEETINGS,
    *INDICATORS,
)
PLANS = re.compile("/body/(zones|tasks/[0-9]+/(number|responsibilities))")

if USER:

    @schemathesis.auth(refresh_interval=30)
    class DemoUser:
        """Sends a token that is good for another minute."""

        def get(self, case: Case[Any], context: AuthContext) -> str:
            return SYSTEM.token(USER)

        def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
            case.headers["Authorization"] = f"Bearer {data}"


def follows_nothing(case: Case[Any], pointer: str) -> bool:
    """A link from one answer to the next path was made of a field that is null, and ``None`` stands in the path."""
    name = pointer.removeprefix("/path/")
    return name != pointer and str((case.path_parameters or {}).get(name)) == "None"


@schemathesis.check
def valid_data_is_accepted(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """What fits the description is accepted; but no schema knows cursors, used keys, notices, days, codes."""
    if response.status_code == 422:
        pointers = [error["pointer"] for error in response.json()["errors"]]
        if pointers in BEYOND_SCHEMAS or all(PLANS.fullmatch(pointer) for pointer in pointers):
            return None
        if all(follows_nothing(case, pointer) for pointer in pointers):
            return None
    return positive_data_acceptance(ctx, response, case)


@schemathesis.check
def refusals_are_problems(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Every 4xx and 5xx is ``application/problem+json`` with its own status in it."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"], response.headers["content-type"]
        assert response.json()["status"] == response.status_code
    return None
