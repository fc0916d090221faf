"""Logging in at Keycloak and out again, there too."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from chassis import telemetry
from portal.session.keeper import Sessions
from portal.session.oidc import Refused, Unavailable
from portal.session.rules import new_secret
from portal.web import language
from portal.web.api import Away
from portal.web.cookies import Cookies
from portal.web.security import own_path
from portal.web.visit import AnyVisit, Guest, UserVisit, Visit, read_form

router = APIRouter()
Text = Annotated[str, Query(max_length=4000)]


@router.get("/login")
async def login(request: Request, visit: Guest, next: Text = "/") -> Response:
    """Begins a login, or goes on when there is a session already."""
    target, cookies, sessions = own_path(next), _cookies(request), _sessions(request)
    if isinstance(visit, UserVisit):
        return RedirectResponse(target, 303)
    browser = request.cookies.get(cookies.login) or new_secret()
    response = RedirectResponse(await sessions.begin_login(browser, target, language.current()), 303)
    cookies.begin_login(response, browser)
    return response


@router.get("/login/callback")
async def callback(request: Request, code: Text = "", state: Text = "", error: Text = "") -> Response:
    """Where Keycloak sends the browser back to."""
    cookies, sessions = _cookies(request), _sessions(request)
    if error or not code or not state:
        return _failed(request, error or "incomplete")
    try:
        begun = await sessions.finish_login(request.cookies.get(cookies.login, ""), state, code)
    except Refused as refused:
        return _failed(request, str(refused))
    except Unavailable as unavailable:
        raise Away("keycloak") from unavailable
    if begun is None:
        return _failed(request, "unknown state")
    old = request.cookies.get(cookies.session)
    if old:
        await sessions.end(old)
    secret, target = begun
    response = RedirectResponse(target, 303)
    cookies.begin_session(response, secret)
    return response


@router.post("/logout")
async def logout(request: Request, visit: Visit) -> Response:
    """Ends our session, then Keycloak's, then shows the front page."""
    cookies = _cookies(request)
    response = RedirectResponse(await _sessions(request).end(request.cookies[cookies.session]) or "/", 303)
    cookies.end_session(response)
    return response


@router.post("/login/ended")
async def ended(request: Request) -> Response:
    """Keycloak tells that a session of its own has ended: somebody logged out, was blocked, or was logged out by an
    administrator. The gateway lets nobody else come here.
    """
    told = (await read_form(request)).get("logout_token")
    try:
        await _sessions(request).end_with(told if isinstance(told, str) else "")
    except Refused as refused:
        telemetry.log.warning("end of a session not believed: %s", refused)
        return Response(status_code=400)
    except Unavailable as unavailable:
        raise Away("keycloak") from unavailable
    return Response(status_code=204)


def _failed(request: Request, why: str) -> Response:
    telemetry.log.warning("login failed: %s", why)
    cancelled = why == "access_denied"
    return AnyVisit(request).render("login/failed.html", status=400, cancelled=cancelled)


def _cookies(request: Request) -> Cookies:
    cookies: Cookies = request.app.state.cookies
    return cookies


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions
