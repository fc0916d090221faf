"""What a saved view (常用视图) may hold. Pure."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from pydantic import ValidationError

from portal.lines.listing import Filters
from portal.web import words
from portal.web.words import Both

MOST, NAME_LENGTH = 50, 60
_KNOWN = {"state": words.STATES, "light": words.LIGHTS, "mark": words.MARKS, "pile": words.PILES}


def query(given: str) -> str | None:
    """The query of a list's address as the list itself would write it; None for one that it does not accept."""
    fields = parse_qs(given)
    try:
        filters = Filters.model_validate(
            {name: values if name == "columns" else values[-1] for name, values in fields.items()}
        )
    except ValidationError:
        return None
    chosen = filters.narrowing
    if any(chosen[name] and chosen[name] not in known for name, known in _KNOWN.items()):
        return None
    return filters.query


def unfit(name: str, found: str | None, count: int) -> Mapping[str, Both]:
    """What is wrong with a view that is to be saved, by field; ``count`` are the others that its owner has."""
    if not name:
        return {"name": ("请填写名称", "Give it a name")}
    if len(name) > NAME_LENGTH:
        return {"name": (f"不超过 {NAME_LENGTH} 个字", f"At most {NAME_LENGTH} characters")}
    if found is None:
        return {"name": ("查询条件有误，请重新查询后保存", "The list's filters are wrong; set them anew")}
    if count >= MOST:
        return {"name": (f"最多保存 {MOST} 个视图，请先删除不用的", f"There are {MOST} already; remove some first")}
    return {}
