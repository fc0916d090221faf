"""What a list of tasks tells about its search. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Piece = tuple[str, bool]
"""A stretch of text, and whether it was searched for."""

BEFORE, AFTER = 24, 72


def marked(text: str, q: str) -> list[Piece]:
    """The text in pieces, those that were searched for marked."""
    found = _phrases(q)
    parts = found.split(text) if found else [text]
    return [(part, bool(place % 2)) for place, part in enumerate(parts) if part]


def excerpt(title: str, text: str, q: str) -> list[Piece]:
    """The neighbourhood of the first hit in the text; empty when the title shows one already or there is none."""
    found = _phrases(q)
    hit = found.search(text) if found and not found.search(title) else None
    if hit is None:
        return []
    start, end = max(0, hit.start() - BEFORE), hit.end() + AFTER
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return marked(shown, q)


def _phrases(q: str) -> re.Pattern[str] | None:
    phrases = sorted(set(q.split()), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, phrases))})", re.IGNORECASE) if phrases else None


def total(page: Mapping[str, Any], filters: Mapping[str, str], cursor: str, plans: Sequence[Mapping[str, Any]]) -> int:
    """How many tasks were found; 0 when that is not known."""
    if page["next"] is None and not cursor:
        return len(page["items"])
    if any(value for name, value in filters.items() if name != "plan"):
        return 0
    return sum(plan["tasks"] for plan in plans if filters["plan"] in ("", plan["code"]))
