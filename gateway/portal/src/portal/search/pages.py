"""One field for everything: what is found is shown by kind, while it is typed."""

from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from portal.search.words import KINDS, href
from portal.web.api import Rejected
from portal.web.visit import Visit

router = APIRouter()
API = "/api/progress/v1/search"


@router.get("/search")
async def search(visit: Visit, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """What the reader may see and has all words; without any, what may be typed."""
    found: dict[str, Any] = {"items": [], "more": []}
    problem = None
    if q.strip():
        try:
            found = await visit.api.get(API, q=q)
        except Rejected as rejected:
            problem = rejected
    groups = [(KINDS[kind], list(hits)) for kind, hits in groupby(found["items"], key=lambda hit: hit["kind"])]
    return visit.render(
        "search/search.html",
        status=problem.status if problem else 200,
        q=q.strip(),
        groups=groups,
        more={KINDS[kind] for kind in found["more"]},
        href=href,
        problem=problem,
    )
