"""The database moves a case as the table says and no other way: row-level security and the trigger, from each state."""

from collections.abc import Iterator

import pytest

from chassis.events import uuid7
from progress.cases.rules import LEADS_TO, TABLE, Action, Capacity, State
from services.progress.tests.test_cases import brought
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

SCOPES = {"tenant": Capacity.ORIGIN, "all": Capacity.PROVINCE, "unit": Capacity.EVALUATOR, "audit": Capacity.READER}
LEVELLED, PUBLIC = "('approved', 'published', 'retracted')", "('published', 'retracted')"
MADE = f"""
    INSERT INTO innovation_case (id, zone, state, title, background, practice, effect_before, effect_after, figures,
                                 tasks, evidence, preconditions, credit, reason, drafted_by, level, approved_on,
                                 published_on)
    SELECT $1, 'hefei', state, '…', '', '', '', '', '[]', '{{}}', '[]', '…', '', '…', '…',
           CASE WHEN state IN {LEVELLED} THEN 'zone' END, CASE WHEN state IN {LEVELLED} THEN current_date END,
           CASE WHEN state IN {PUBLIC} THEN current_date END
    FROM CAST($2 AS text) state
"""
MOVED = f"""
    UPDATE innovation_case c SET state = s, level = CASE WHEN s IN {LEVELLED} THEN 'zone' END,
        approved_on = CASE WHEN s IN {LEVELLED} THEN current_date END,
        published_on = CASE WHEN s IN {PUBLIC} THEN current_date END
    FROM CAST($2 AS text) s WHERE c.id = $1
"""


def allowed(state: State, capacity: Capacity) -> Iterator[State]:
    """The states that an actor may bring a case to, and its own if it may be edited."""
    for action in TABLE[state].get(capacity, ()):
        if action in LEADS_TO:
            yield LEADS_TO[action]
        elif action is Action.EDIT:
            yield state


@pytest.mark.parametrize("state", State)
async def test_a_case_moves_by_the_table_alone(world: World, state: State) -> None:
    for scope, capacity in SCOPES.items():
        for to in State:
            case = uuid7()
            async with world.server() as server:
                await server.execute(MADE, case, state)
            answer = await _as(world, scope, "hefei", "swt", MOVED, case, to)
            assert (answer == "UPDATE 1") == (to in allowed(state, capacity)), (scope, state, to, answer)


ENDED = "UPDATE case_round SET withdrawn_on = current_date WHERE case_id = $1"


@pytest.mark.parametrize(
    ("scope", "tenant", "state", "answer"),
    [
        ("tenant", "hefei", State.EVALUATING, "UPDATE 1"),
        ("tenant", "hefei", State.EVALUATED, "UPDATE 0"),
        ("tenant", "wuhu", State.EVALUATING, "UPDATE 0"),
        ("unit", "", State.EVALUATING, "UPDATE 0"),
        ("all", "", State.EVALUATING, "refused"),
    ],
)
async def test_a_round_is_ended_by_the_zone_of_a_case_that_is_evaluated(
    world: World, scope: str, tenant: str, state: State, answer: str
) -> None:
    case = await brought(world, state)
    assert await _as(world, scope, tenant, "swt", ENDED, case["id"]) == answer
