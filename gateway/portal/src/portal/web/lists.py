"""Lists as a whole, for files."""

from typing import Any

from portal.web.api import Api, Rejected

AT_ONCE = 200


async def all_of(api: Api, path: str, most: int, **narrowed: object) -> list[dict[str, Any]]:
    """All that fits, over all pages of the API; Rejected when that is more than ``most``."""
    rows: list[dict[str, Any]] = []
    cursor = ""
    while True:
        found = await api.get(path, **narrowed, cursor=cursor, limit=AT_ONCE)
        rows += found["items"]
        if len(rows) > most:
            raise too_many(most)
        if found["next"] is None:
            return rows
        cursor = found["next"]


def too_many(most: int) -> Rejected:
    return Rejected.here(
        422,
        "too-many-rows",
        ("导出的行数过多", "Too many rows"),
        (f"符合条件的超过 {most} 行，请先缩小查询范围。", f"More than {most} rows fit; narrow the list first."),
    )
