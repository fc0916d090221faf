"""The search (搜索): one field for tasks, lines, reports, orders, problems, cases and units."""

from typing import Annotated

from fastapi import Query, Response

from chassis.routing import Router, answer
from chassis.schemas import Line
from chassis.tenancy import Db, RowMapping
from progress.access import READ
from progress.search import finding, rules
from progress.search.rules import Kind
from progress.search.schemas import Found, Hit

router = Router(tags=["search"])
Q = Annotated[
    Line, Query(description="Parts of words, all of which must be there, or beginning letters of pinyin: `kjt`")
]


@router.get("/search", response_model=Found, dependencies=[READ])
async def search(q: Q, db: Db) -> Response:
    """What the caller may see and fits, by kind. Of each kind at most six."""
    words = rules.words(q)
    found = await finding.find(db, words) if words else {}
    hits = [
        Hit(
            kind=kind,
            id=row["id"],
            line_id=row.get("line_id"),
            title=row["title"],
            about=row["about"],
            closed=row.get("closed", False),
            excerpt=_excerpt(kind, row, words),
        )
        for kind, rows in found.items()
        for row in rows[: finding.MOST]
    ]
    return answer(Found(items=hits, more=[kind for kind, rows in found.items() if len(rows) > finding.MOST]))


def _excerpt(kind: Kind, row: RowMapping, words: list[str]) -> str:
    """Around what stands neither in the title nor beside it; of a report, whose title is its line's, what it says."""
    left = words if kind is Kind.REPORT else rules.left(words, row["title"], row["about"])
    return rules.excerpt(row["text"], left)
