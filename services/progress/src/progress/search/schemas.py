"""What the search answers."""

from uuid import UUID

from pydantic import Field

from chassis.schemas import Output
from progress.search.rules import Kind


class Hit(Output):
    """Something that was found. ``about`` says where it belongs: its zone, plan, number or office."""

    kind: Kind
    id: str = Field(description="Of a task or unit its code")
    line_id: UUID | None = Field(description="Of a report the line that it is on")
    title: str
    about: str
    closed: bool = Field(description="It is of a zone that is closed, and only to be read")
    excerpt: str = Field(description="The text around what was found; empty when that stands in the title")


class Found(Output):
    items: list[Hit] = Field(description="By kind, and of each kind the newest or first ones")
    more: list[Kind] = Field(description="Kinds of which there is more than is shown")
