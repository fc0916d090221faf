"""CloudEvents 1.0: in binary mode on Kafka (attributes as ``ce_`` headers, the data as JSON), structured elsewhere."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from chassis import clock, telemetry

JSON = "application/json"


def uuid7() -> UUID:
    """A time-ordered id (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    return UUID(int=(value & ~(0xF << 76) & ~(0x3 << 62)) | (0x7 << 76) | (0x2 << 62))


@dataclass(frozen=True)
class EventType:
    """What a service publishes under one type: the model that its data fits, and what it tells, Chinese and English."""

    model: type[BaseModel]
    title: str

    def data(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The data as it is published. Raises ValidationError when it does not fit the model."""
        return self.model.model_validate(given).model_dump(mode="json")


class MalformedEvent(ValueError):
    """A message that is no CloudEvent of ours."""


@dataclass(frozen=True)
class Event:
    """Something that happened to one thing.

    ``subject`` is the thing's id and the message's key; ``sequence`` the thing's version; ``tenant`` its jurisdiction.
    """

    type: str
    source: str
    subject: str
    tenant: str | None
    sequence: int
    data: dict[str, Any]
    id: UUID = field(default_factory=uuid7)
    time: datetime = field(default_factory=clock.now)
    traceparent: str | None = field(default_factory=telemetry.traceparent)

    def attributes(self) -> dict[str, str]:
        """Those of CloudEvents that it has, and ours beside them."""
        attributes = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "sequence": str(self.sequence),
            "tenant": self.tenant,
            "traceparent": self.traceparent,
        }
        return {name: value for name, value in attributes.items() if value is not None}

    def headers(self) -> list[tuple[str, bytes]]:
        headers = {f"ce_{name}": value for name, value in self.attributes().items()} | {"content-type": JSON}
        return [(name, value.encode()) for name, value in headers.items()]

    def value(self) -> bytes:
        return json.dumps(self.data, ensure_ascii=False, default=str).encode()

    def structured(self) -> dict[str, Any]:
        """The event as one JSON object: CloudEvents' structured mode."""
        return {**self.attributes(), "datacontenttype": JSON, "data": self.data}

    @classmethod
    def of(cls, headers: Iterable[tuple[str, bytes]], value: bytes | None) -> "Event":
        """The event in a message. Raises MalformedEvent."""
        try:
            given = {name: content.decode() for name, content in headers if content is not None}
            data = json.loads(value or b"")
            if given["ce_specversion"] != "1.0" or not isinstance(data, dict):
                raise MalformedEvent("not CloudEvents 1.0 with a JSON object")
            return cls(
                type=given["ce_type"],
                source=given["ce_source"],
                subject=given["ce_subject"],
                tenant=given.get("ce_tenant"),
                sequence=int(given["ce_sequence"]),
                data=data,
                id=UUID(given["ce_id"]),
                time=datetime.fromisoformat(given["ce_time"]),
                traceparent=given.get("ce_traceparent"),
            )
        except (KeyError, ValueError, RecursionError) as error:
            raise MalformedEvent(f"{type(error).__name__}: {error}") from error
