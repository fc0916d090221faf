"""What the API of comments takes and returns."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from chassis.schemas import Input, Output, Text


class CommentIn(Input):
    """Who is mentioned is read from the text: ``@`` and the label of a reader."""

    text: Annotated[Text, StringConstraints(max_length=2000)]


class Mention(Output):
    """``office`` is ``zone:<code>``, ``unit:<code>`` or ``role:province``; ``person`` null: the whole office."""

    office: str
    office_name: str
    person: str | None


class CommentData(Output):
    """A comment without its words, which stay among those who see the line. All that changes is its withdrawal."""

    id: UUID
    line_id: UUID
    office: str
    office_name: str
    author: str
    made_at: datetime
    mentions: list[Mention]
    withdrawn_at: datetime | None = None
    version: int


class CommentOut(CommentData):
    """``text`` is empty once it is withdrawn."""

    text: str
    actions: list[Literal["withdraw"]]


class CommentPage(Output):
    items: list[CommentOut]
    next: str | None


class ReaderOut(Mention):
    """``label`` is what is written after ``@``."""

    label: str


class ReaderPage(Output):
    items: list[ReaderOut]
