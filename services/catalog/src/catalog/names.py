"""How codes and names of the catalog's things are written."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chassis.schemas import Storable

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$"),
    Storable,
    Field(
        json_schema_extra={"pattern": r"^\s*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f]\s*$"}
    ),
]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
ZoneCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}[a-z0-9-]{0,28}$")]
PlanCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
TaskCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
Words = Annotated[str, StringConstraints(max_length=100), Storable, Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
