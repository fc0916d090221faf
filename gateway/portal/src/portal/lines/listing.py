"""What a list of lines is asked for by its address: filters, order, columns and form."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from portal.web.addresses import Short, address
from portal.web.words import STATES, Both

COLUMNS: Mapping[str, Both] = {
    "units": ("责任单位", "Units"),
    "state": ("状态", "State"),
    "percent": ("完成比例", "Progress"),
    "light": ("亮灯", "Light"),
    "due": ("完成时限", "Deadline"),
    "reported": ("最近填报", "Last report"),
    "first_due": ("原定时限", "First deadline"),
    "moved_on": ("最近进展", "Last movement"),
}
USUAL = ("units", "state", "percent", "light", "due", "reported")
SORTED = {"units": "unit", "state": "state", "percent": "percent", "due": "due", "reported": "reported"}
"""By what a column is sorted."""
SORTS: Mapping[str, Both] = {
    "due": ("时限由近到远", "Deadline, nearest first"),
    "-due": ("时限由远到近", "Deadline, farthest first"),
    "state": ("状态由未开始起", "State, not started first"),
    "-state": ("状态由已暂停起", "State, suspended first"),
    "percent": ("完成比例由低到高", "Progress, least first"),
    "-percent": ("完成比例由高到低", "Progress, most first"),
    "unit": ("牵头单位代码顺序", "Leading unit's code"),
    "-unit": ("牵头单位代码倒序", "Leading unit's code backwards"),
    "reported": ("最早填报在前", "Last report, oldest first"),
    "-reported": ("最近填报在前", "Last report, newest first"),
}
FORMS: Mapping[str, tuple[Both, str]] = {
    "table": (("列表", "Table"), "list-check"),
    "board": (("看板", "Board"), "layout-dashboard"),
    "timeline": (("时间轴", "Timeline"), "calendar-due"),
}


class Narrowing(BaseModel):
    """What a list of lines is narrowed by; empty means all."""

    jurisdiction: Short = ""
    plan: Short = ""
    task: Short = ""
    unit: Short = ""
    state: Short = ""
    light: Short = ""
    mark: Short = ""
    pile: Short = ""
    q: Short = ""


class Filters(Narrowing):
    """A list as it stands in its address; of order, columns and form what is not known counts for nothing."""

    sort: Short = ""
    columns: Annotated[list[Short], Field(max_length=20)] = []
    form: Annotated[str, Field(alias="as", max_length=20)] = ""
    cursor: Annotated[str, Field(max_length=500)] = ""

    @field_validator("sort")
    @classmethod
    def _order(cls, given: str) -> str:
        return given if given in SORTS else ""

    @field_validator("columns")
    @classmethod
    def _columns(cls, given: list[str]) -> list[str]:
        known = [name for name in COLUMNS if name in given]
        return [] if tuple(known) == USUAL else known

    @field_validator("form")
    @classmethod
    def _form(cls, given: str) -> str:
        return given if given in FORMS else ""

    @property
    def narrowing(self) -> dict[str, str]:
        return self.model_dump(include=set(Narrowing.model_fields))

    @property
    def states(self) -> list[str]:
        """The columns of a board."""
        return [self.state] if self.state else list(STATES)

    @property
    def shown(self) -> list[str]:
        """The columns beside the task."""
        return self.columns or list(USUAL)

    def here(self, **other: object) -> str:
        """The first page of this list, or of one that differs in this; never the bare path, which opens a view."""
        given = self.model_dump(by_alias=True, exclude={"cursor"}) | other
        return address("/lines", **(given if any(given.values()) else {"as": "table"}))

    @property
    def query(self) -> str:
        """As a saved view keeps it."""
        return self.here().partition("?")[2]

    def formed(self, form: str) -> str:
        """This list in another form."""
        return self.here(**{"as": form})

    def in_state(self, state: str) -> str:
        """Those of this list that are in a state, as a table."""
        return self.here(state=state, **{"as": "table"})

    def sorted_by(self, column: str) -> str:
        """This list by a column; by it backwards where it is sorted by it, and by nothing where that is so as well."""
        key = SORTED[column]
        return self.here(sort={key: f"-{key}", f"-{key}": ""}.get(self.sort, key))

    def direction(self, column: str) -> Literal["ascending", "descending", "none"]:
        """How the list is sorted by a column, as assistive technology calls it."""
        key = SORTED.get(column)
        return "ascending" if self.sort == key else "descending" if self.sort == f"-{key}" else "none"
