"""What the pages of bulletins show and send. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData

from chassis.documents import marker

Json = Mapping[str, Any]
PLACE = re.compile(r"第\d+名")


def last_month(today: date) -> tuple[str, str]:
    """The first and the last day of the month before."""
    last = today.replace(day=1) - timedelta(1)
    return last.replace(day=1).isoformat(), last.isoformat()


def uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def draft(given: Json) -> dict[str, Any]:
    """What a draft is to be of: a reporting period, or the days."""
    days = {name: given[name] for name in ("since", "until")}
    of = {"period_id": given["period_id"]} if given["period_id"] else days
    return {"plans": given["plans"], "zones": given["zones"], **of}


def sentence(parts: Sequence[Json], key: int | None) -> str:
    """The text of a sentence; empty when there is none."""
    found = (each["text"] for part in parts for each in part["sentences"] if key and each["key"] == key)
    return next(found, "")


def numbered(parts: Sequence[Json]) -> list[dict[str, Any]]:
    """The parts with the numbers of their headings: 一、 then （一）, and whether their sentences have some too: 1.

    A ranking has its places instead.
    """
    shown, first, second = [], 0, 0
    for part in parts:
        first, second = (first + 1, 0) if part["level"] == 1 else (first, second + 1)
        number = marker(part["level"], first if part["level"] == 1 else second)
        said = part["sentences"]
        counted = part["level"] == 2 and len(said) > 1 and not all(PLACE.match(each["text"]) for each in said)
        shown.append({**part, "number": number, "counted": counted})
    return shown


def text(form: FormData) -> dict[str, Any]:
    """The title and the parts of the form. Empty sentences, and parts left without heading, are left out."""
    parts: list[dict[str, Any]] = [
        {"level": 1 if level == "1" else 2, "heading": heading, "sentences": []}
        for level, heading in zip(_column(form, "level"), _column(form, "heading"), strict=False)
    ]
    rows = zip(*(_column(form, name) for name in ("part", "key", "text")), strict=False)
    for part, key, said in rows:
        if said and part.isdigit() and int(part) < len(parts):
            parts[int(part)]["sentences"].append({"key": int(key) if key.isdigit() else None, "text": said})
    return {"title": str(form.get("title", "")).strip(), "parts": [part for part in parts if part["heading"]]}


def _column(form: FormData, name: str) -> list[str]:
    return [value.strip() for value in form.getlist(name) if isinstance(value, str)]
