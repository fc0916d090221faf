"""The switch between Chinese and English."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from portal.web import language
from portal.web.security import own_path

router = APIRouter()


@router.get("/language/{code}")
async def switch(
    request: Request,
    code: Literal["zh", "en"],
    next: Annotated[str, Query(max_length=4000)] = "/",
) -> Response:
    """Back to the page that one came from, in the other language."""
    response = RedirectResponse(own_path(next), 303)
    request.app.state.cookies.keep(response, language.COOKIE, code)
    return response
