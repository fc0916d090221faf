"""Keyset pagination: ``?limit=&cursor=``, answered as ``{"items": [...], "next": cursor or null}``."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from chassis.problems import Invalid
from chassis.tenancy import Session

Limit = Annotated[int, Query(ge=1, le=200, description="Items a page")]
Cursor = Annotated[str | None, Query(max_length=500, description="The `next` of the page before")]
DEFAULT_LIMIT = 50
EMPTY = b'{"items":[],"next":null}'
"""A page of nothing."""


def encode(*values: object) -> str:
    text = json.dumps([str(value) if isinstance(value, UUID) else value for value in values], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, *types: Callable[[Any], Any], name: str = "cursor") -> tuple[Any, ...] | None:
    """The values behind a cursor, each made by its type (``int``, ``UUID``, ``datetime.fromisoformat``…).

    None for no cursor; raises Invalid (422) for one that this API did not make. ``name`` is that of the parameter.
    """
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(make(value) for make, value in zip(types, values, strict=True))
    except (ValueError, TypeError, OverflowError, AttributeError) as error:
        raise Invalid(f"/query/{name}", "不是本接口给出的游标") from error


async def page(db: Session, sql: str, *, limit: int, cursor_columns: Sequence[str], **params: Any) -> bytes:
    """One page of what ``sql`` selects, built as JSON in PostgreSQL.

    ``sql`` orders its rows and takes ``:limit`` of them (it is given one more than the page); cursor columns
    whose name begins with ``_`` are not shown.
    """
    columns = ", ".join(f"t.{column}" for column in cursor_columns)
    built = f"SELECT CAST(to_jsonb(t) - CAST(:hidden AS text[]) AS text) AS item_json, {columns} FROM ({sql}) t"  # noqa: S608
    hidden = [column for column in cursor_columns if column.startswith("_")]
    rows = await db.rows(built, limit=limit + 1, hidden=hidden, **params)
    shown = rows[:limit]
    following = encode(*(shown[-1][column] for column in cursor_columns)) if len(rows) > limit else None
    items = ",".join(row["item_json"] for row in shown)
    return f'{{"items":[{items}],"next":{json.dumps(following)}}}'.encode()
