"""What the feed returns."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from chassis.schemas import Output


class CloudEvent(Output):
    """An event in CloudEvents' structured mode. ``type`` says which schema of the event contract ``data`` fits."""

    specversion: Literal["1.0"]
    id: UUID
    source: str
    type: Annotated[str, Field(examples=["zoneportal.progress.line.progressed.v1"])]
    subject: Annotated[str, Field(description="Id of the thing; its events keep their order")]
    time: datetime
    sequence: Annotated[str, Field(description="The thing's version", pattern="^[0-9]+$")]
    tenant: Annotated[str, Field(description="Code of the jurisdiction")]
    traceparent: Annotated[str, Field(description="W3C trace context of the change; may be missing")] = ""
    datacontenttype: Literal["application/json"]
    data: dict[str, Any]


class EventPage(Output):
    """``next`` is the ``after`` of the next request, also when there is nothing new; ``more``: it has events now."""

    items: list[CloudEvent]
    next: str
    more: bool
