"""What the deputyships' API takes and returns."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from chassis.schemas import Day, Input, Output

Id = Annotated[UUID, Field(strict=False)]


class DeputyshipIn(Input):
    """``deputy`` stands in for ``absent`` from ``since`` to the end of ``until``, in Asia/Shanghai."""

    absent: Id
    deputy: Id
    since: Day
    until: Day


class Colleague(Output):
    id: str
    name: str


class DeputyshipOut(Output):
    """``running``: today is one of its days."""

    id: str
    absent: Colleague
    deputy: Colleague
    since: date
    until: date
    running: bool
    version: int
    actions: list[Literal["withdraw"]]


class DeputyshipPage(Output):
    """Those that run or are to come, which the caller sees; ``colleagues`` are all of the office that can log in.

    ``actions``: whether the caller may name a deputy of others too.
    """

    items: list[DeputyshipOut]
    colleagues: list[Colleague]
    actions: list[Literal["name", "name_for_others"]]
