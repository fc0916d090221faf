"""Lists as a whole, for files."""

from typing import Any

from portal.web.api import Api, Rejected

AT_ONCE = 200


async def page_of(api: Api, path: str, cursor: str, **narrowed: object) -> tuple[list[dict[str, Any]], str | None]:
    """The rows from a cursor on, and the next one."""
    found = await api.get(path, **narrowed, cursor=cursor, limit=AT_ONCE)
    return found["items"], found.get("next")


async def up_to(api: Api, path: str, most: int, **narrowed: object) -> list[dict[str, Any]] | None:
    """All that fits, over all pages of the API; None when that is more than ``most``."""
    rows: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        found, cursor = await page_of(api, path, cursor, **narrowed)
        rows += found
        if len(rows) > most:
            return None
    return rows


async def all_of(api: Api, path: str, most: int, **narrowed: object) -> list[dict[str, Any]]:
    """As ``up_to``; Rejected when that is too much."""
    rows = await up_to(api, path, most, **narrowed)
    if rows is None:
        raise too_many(most)
    return rows


def too_many(most: int) -> Rejected:
    return Rejected.here(
        422,
        "too-many-rows",
        ("导出的行数过多", "Too many rows"),
        (f"符合条件的超过 {most} 行，请先缩小查询范围。", f"More than {most} rows fit; narrow the list first."),
    )
