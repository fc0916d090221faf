"""What integrators may be granted: a topic tells of its own jurisdiction and of no other, and who may go to which."""

from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePatternFilter,
    ResourceType,
)

from deploy.local.kafka import provision_env
from deploy.local.system import System
from tests.isolation.things import Things
from tests.support import Json, on_topic
from tests.topics import broker

USERS = ("catalog", "progress", "notify", "service-account-integrator-hefei")
TOPICS = """
catalog                 w  r  r  -
progress.province       -  w  r  -
progress.hefei          -  w  r  r
progress.*              -  w  r  -
dead-letters.catalog    w  -  -  -
dead-letters.progress   -  w  -  -
dead-letters.notify     -  -  w  -
"""
"""Who reads and who writes each topic, in the order of ``USERS``."""
MEANING = {ACLOperation.READ: "r", ACLOperation.WRITE: "w"}
MADE = (ACLOperation.CREATE, ACLOperation.ALTER_CONFIGS)
"""Who writes the topics of jurisdictions makes them too."""


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


def test_each_topic_is_open_to_whom_the_table_says(system: System, things: Things) -> None:
    wanted = {
        topic: dict(zip(USERS, rights, strict=True)) for topic, *rights in map(str.split, TOPICS.split("\n")[1:-1])
    }
    found, topics = _rights(system)
    for topic in topics:
        row = wanted[topic if topic in wanted or not topic.startswith("progress.") else "progress.*"]
        assert {user: _word(found, user, topic) for user in USERS} == row, topic


def test_whoever_else_comes_to_the_broker_is_an_integrator_and_reads(system: System, things: Things) -> None:
    found, _ = _rights(system)
    for acl in found:
        user, pattern = acl.principal.removeprefix("User:"), acl.resource_pattern
        assert acl.permission_type == ACLPermissionType.ALLOW
        if user not in USERS[:3]:
            assert user.startswith("service-account-")
            assert acl.operation == ACLOperation.READ
            of_topic = (ResourceType.TOPIC, ACLResourcePatternType.LITERAL)
            of_group = (ResourceType.GROUP, ACLResourcePatternType.PREFIXED)
            assert (pattern.resource_type, pattern.pattern_type) in (of_topic, of_group)
            own = ("progress.", f"{user.removeprefix('service-account-')}.")
            assert pattern.resource_name.startswith(own)


def _rights(system: System) -> tuple[list[ACL], list[str]]:
    """All rights that the broker knows, and all topics but its own."""
    told = provision_env(system.instance)
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    anybody = ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
    login = broker(system, told["ZP_KAFKA_USERNAME"], told["ZP_KAFKA_PASSWORD"])
    with closing(KafkaAdminClient(**login)) as admin:
        return admin.describe_acls(anybody)[0], [name for name in admin.list_topics() if not name.startswith("__")]


def _word(found: list[ACL], user: str, topic: str) -> str:
    return "".join(sorted({MEANING[operation] for operation in _operations(found, user, topic)})) or "-"


def _operations(found: list[ACL], user: str, topic: str) -> Iterator[ACLOperation]:
    for acl in found:
        name, exactly = acl.resource_pattern.resource_name, acl.resource_pattern.pattern_type
        fits = topic == name if exactly == ACLResourcePatternType.LITERAL else topic.startswith(name)
        if acl.resource_pattern.resource_type == ResourceType.TOPIC and acl.principal == f"User:{user}" and fits:
            assert acl.operation in MEANING or (user, acl.operation) in {("progress", made) for made in MADE}
            if acl.operation in MEANING:
                yield acl.operation
