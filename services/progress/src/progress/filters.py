"""What lists are narrowed by, as their queries say it."""

from typing import Annotated

from fastapi import Query

from chassis.schemas import Filter

Jurisdiction = Annotated[Filter | None, Query(description="A zone's code, or `province`")]
Plan = Annotated[Filter | None, Query(description="A plan's code")]
Task = Annotated[Filter | None, Query(description="A task's code")]
Unit = Annotated[Filter | None, Query(description="A responsible unit's code, name or alias")]
