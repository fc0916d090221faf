"""Every type of event that is published, by channel, and the JSON Schema of its data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from catalog import publishing as catalog
from chassis.events import EventType
from chassis.parking import BURIED_EVENT, buried_type
from contracts import dictionary
from progress import publishing as progress

CONSUMERS = ("progress", "notify")


@dataclass(frozen=True)
class Channel:
    """Topics of one kind; ``address`` is their name, ``parameters`` what stands for its ``{…}``."""

    name: str
    address: str
    title: str
    description: str
    types: Mapping[str, EventType]
    kafka: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


_DAYS_90 = {"cleanup.policy": ["delete"], "retention.ms": 90 * 24 * 3600 * 1000}
CHANNELS = (
    Channel(
        name="catalog",
        address=catalog.TOPIC,
        title="任务目录 Catalog",
        description=(
            "Whole snapshots of zones, units, plans, tasks and editions, the latest of each kept for ever: "
            "a new consumer rebuilds everything from the topic's beginning. Of a plan that is being written the latest "
            "of what happened to it, without what is written in it."
        ),
        types=catalog.TYPES,
        kafka={"cleanup.policy": ["compact"]},
    ),
    Channel(
        name="progress",
        address="progress.{jurisdiction}",
        title="推进 Progress",
        description=(
            "What happened to lines and to all that belongs to them, to orders, problems, cases, replications and "
            "periods of one jurisdiction, its totals at the end of each day, and on that of the province what happened "
            "to assessments, bulletins, meetings, decisions and the province's settings; kept for 90 days."
        ),
        types=progress.TYPES,
        kafka=_DAYS_90,
        parameters={
            "jurisdiction": {
                "description": "A zone's code, or `province`. A new zone's topic appears with its first event.",
                "examples": ["hefei", "wuhu", "bengbu", "province"],
            }
        },
    ),
    Channel(
        name="deadLetters",
        address="dead-letters.{service}",
        title="死信 Dead letters",
        description="What a service gave up on after repeated tries, with the reason, kept for 90 days.",
        types={buried_type(service): BURIED_EVENT for service in CONSUMERS},
        kafka=_DAYS_90,
        parameters={"service": {"description": "The service that gave up", "enum": list(CONSUMERS)}},
    ),
)
TYPES: Mapping[str, EventType] = {name: kind for channel in CHANNELS for name, kind in channel.types.items()}


class _Described(GenerateJsonSchema):
    """With what the dictionary says of each field, in place of a title that would repeat its name."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        described = super().model_schema(schema)
        dictionary.describe(schema["cls"].__name__, described.get("properties", {}))
        return described

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema(kind: EventType) -> dict[str, Any]:
    """The JSON Schema of an event's data. It is open: within v1 optional fields may come."""
    body = kind.model.model_json_schema(mode="serialization", schema_generator=_Described)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.title,
        "description": body.pop("description"),
    } | {name: part for name, part in body.items() if name != "title"}
