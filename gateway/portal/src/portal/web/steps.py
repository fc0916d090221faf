"""Steps that are taken with a thing by forms (督办单、协调问题): what each form asks for, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.web.api import Missing
from portal.web.visit import UserVisit
from portal.web.words import Both


@dataclass(frozen=True)
class Field:
    """``kind`` is ``text`` for several lines of words, ``day`` for a date."""

    name: str
    words: Both
    kind: str = "text"
    required: bool = True


REMARK = Field("text", ("说明（可选）", "Remark (optional)"), required=False)


@dataclass(frozen=True)
class Act:
    """``path`` is below the thing; ``done`` is what is shown afterwards."""

    path: str
    words: Both
    done: Both
    icon: str
    colour: str = "btn-primary"
    fields: tuple[Field, ...] = (REMARK,)


@dataclass(frozen=True)
class Made:
    """How an entry of a thing's story looks."""

    words: Both
    icon: str
    colour: str


async def take(visit: UserVisit, acts: Mapping[str, Act], path: str) -> Both:
    """Takes the step that the form names, with the thing at ``path`` of the API; what to show then."""
    act = acts.get(visit.field("act"))
    if act is None:
        raise Missing
    said: dict[str, Any] = {field.name: visit.field(field.name) for field in act.fields}
    await visit.api.post(
        f"{path}/{act.path}", json=said, if_match=visit.if_match, idempotency_key=visit.idempotency_key
    )
    return act.done


def typed(visit: UserVisit) -> dict[str, Any]:
    """What a form said, to be shown in it again."""
    return {name: value for name, value in visit.form.items() if not name.startswith("_")}


def ids(given: list[str]) -> list[str]:
    """Those of the texts that are ids of things."""
    return [str(UUID(text)) for text in given if _is_id(text)]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
