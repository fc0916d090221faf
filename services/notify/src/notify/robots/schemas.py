"""What the API of group robots takes and returns."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.languages import Told
from chassis.schemas import Input, Line, Output
from notify.deliveries.rules import State
from notify.preferences import groups
from notify.robots.rules import kinds

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1000),
    Field(examples=["https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"], description="As the chat shows it"),
]
Kind = Annotated[str, Field(max_length=40, json_schema_extra={"enum": list(kinds())})]
Secret = Annotated[
    str,
    StringConstraints(pattern=r"^[!-~]*$", max_length=200),
    Field(description="Signs messages; empty for a robot without"),
]
Groups = Annotated[
    list[Annotated[str, Field(json_schema_extra={"enum": list(groups.BY_CODE)})]],
    Field(max_length=len(groups.GROUPS), default_factory=list, description="Of news, by code; none means all"),
]


class RobotChange(Input):
    """``url`` and ``secret``: as before when they are left out."""

    name: Line
    groups: Groups
    url: Url | None = None
    secret: Secret | None = None


class RobotIn(Input):
    """``kind``: the code of one of ``kinds``, as the list of robots has them."""

    kind: Kind
    name: Line
    url: Url
    secret: Secret = ""
    groups: Groups


class KindOut(Output):
    """``signs``: whether its robots can have a secret."""

    code: str
    name: str
    name_en: str
    example: str
    signs: bool


class GroupOut(Output):
    code: str
    title: str
    title_en: str


class RobotOut(Output):
    """``url`` is no more than its host and its end; ``signed``: there is a secret."""

    id: UUID
    kind: str
    name: str
    url: str
    signed: bool
    groups: list[str]
    paused: bool
    version: int
    created_at: datetime
    actions: list[str]


class SentOut(Output):
    """A message to the robot; ``detail``: why the last try failed."""

    id: UUID
    state: State
    attempts: int
    created_at: datetime
    next_try: datetime | None
    sent_at: datetime | None
    detail: Told


class RobotWhole(RobotOut):
    """``recent``: the last messages, newest first."""

    recent: list[SentOut]


class RobotPage(Output):
    """All robots of the office, and what there is to choose from."""

    items: list[RobotOut]
    next: str | None
    kinds: list[KindOut]
    groups: list[GroupOut]
