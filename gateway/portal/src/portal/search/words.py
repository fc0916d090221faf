"""What kinds of things are called, and where each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from portal.web.words import Both


@dataclass(frozen=True)
class Kind:
    """``path`` leads to a thing by its id; ``listed`` to its list, where that can be narrowed by the words."""

    words: Both
    icon: str
    path: str
    listed: str | None = None


KINDS = {
    "line": Kind(("推进事项", "Lines"), "list-check", "/lines/", "/lines?q="),
    "order": Kind(("督办单", "Orders"), "flag", "/orders/"),
    "problem": Kind(("协调问题", "Problems"), "alert-circle", "/problems/"),
    "report": Kind(("进展填报", "Reports"), "send", "/lines/"),
    "case": Kind(("创新案例", "Innovation cases"), "star", "/cases/", "/cases?q="),
    "task": Kind(("任务", "Tasks"), "book-2", "/tasks/", "/tasks?q="),
    "unit": Kind(("责任单位", "Units"), "building", "/units/", "/units?q="),
}


def href(hit: Mapping[str, Any]) -> str:
    """The page of what was found; a report is on its line's."""
    return KINDS[hit["kind"]].path + quote(hit["line_id"] or hit["id"], safe="")
