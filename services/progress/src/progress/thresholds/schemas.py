"""What the API of thresholds takes and returns."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from chassis.schemas import Input, Output
from progress.lines.rules import Light


class ThresholdsIn(Input):
    near_days: Annotated[int, Field(ge=0, le=365)]
    behind_percent: Annotated[int, Field(ge=0, le=100)]
    stalled_days: Annotated[int, Field(ge=1, le=3650)]


class LightRuleOut(Output):
    """A rule by its name, and the light of a line for which it is the first to hold."""

    name: str
    light: Light


class ThresholdsOut(Output):
    """``rules`` in the order in which they are tried; the ETag is ``version``."""

    near_days: int
    behind_percent: int
    stalled_days: int
    rules: list[LightRuleOut]
    version: int
    changed_by: str
    changed_at: datetime
