"""The choice between light and dark."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from portal.web.security import own_path
from portal.web.visit import APPEARANCE

router = APIRouter()


@router.get("/appearance/{choice}")
async def choose(
    request: Request,
    choice: Literal["auto", "light", "dark"],
    next: Annotated[str, Query(max_length=4000)] = "/",
) -> Response:
    """Back to the page that one came from, light or dark; by itself as the system is."""
    response = RedirectResponse(own_path(next), 303)
    request.app.state.cookies.keep(response, APPEARANCE, choice)
    return response
