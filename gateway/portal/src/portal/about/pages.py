"""What the portal is, for everybody."""

from fastapi import APIRouter, Response

from portal.web.visit import Guest

router = APIRouter()


@router.get("/about")
async def about(visit: Guest) -> Response:
    """A short page for everybody."""
    return visit.render("about/about.html")
