"""What the API of templates takes and returns."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from chassis.schemas import Input, Line, Output

Weight = Annotated[int, Field(ge=1, le=1000)]


class StageIn(Input):
    """A step of a template; weights count by their share of all."""

    title: Line
    weight: Weight


Stages = Annotated[list[StageIn], Field(min_length=1, max_length=50)]


class TemplateIn(Input):
    stages: Stages


class StageOut(Output):
    title: str
    weight: int


class TemplateOut(Output):
    """The stages of a plan; ``changed_by`` is null as long as they are the usual ones. The ETag is ``version``."""

    plan: str
    plan_name: str
    stages: list[StageOut]
    version: int
    changed_by: str | None
    changed_at: datetime | None


class Templates(Output):
    items: list[TemplateOut]
    next: str | None
