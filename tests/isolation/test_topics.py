"""What integrators may be granted: a topic tells of its own jurisdiction and of no other."""

from collections.abc import Mapping

import pytest

from deploy.local.system import System
from tests.isolation.things import Things
from tests.support import Json, on_topic


@pytest.mark.parametrize("jurisdiction", ["hefei", "wuhu", "province"])
async def test_a_topic_holds_events_of_its_jurisdiction_alone(
    system: System, owned: Mapping[str, Json], things: Things, jurisdiction: str
) -> None:
    told = await on_topic(system, f"progress.{jurisdiction}")
    assert {event.tenant for event in told} == {jurisdiction}
    told_of = [event.data[thing] for event in told for thing in ("line", "order", "problem") if thing in event.data]
    assert {thing["jurisdiction"] for thing in told_of} == {jurisdiction}
    cases = [event.data.get("replication") or event.data["case"] for event in told if _is_of_a_case(event.data)]
    assert {thing["zone"] for thing in cases} <= {jurisdiction}
    assert owned[jurisdiction]["id"] in {event.subject for event in told}


def _is_of_a_case(data: Json) -> bool:
    return "case" in data or "replication" in data
