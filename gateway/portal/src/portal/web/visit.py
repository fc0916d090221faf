"""A visit: one request, who makes it, and how its page is answered. What every page stands on."""

import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any, TypeVar

import jwt
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from chassis import clock, deputies, telemetry
from chassis.auth import Caller, Role, address_of, caller_of
from chassis.deputies import Deputyship
from portal.session.oidc import Unavailable
from portal.session.rules import WebSession
from portal.web import menu
from portal.web.api import Api, Away, DeputyshipEnded, Forbidden, LoginNeeded, Rejected
from portal.web.words import APPEARANCES, Both

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_BODY, MAX_UPLOAD = 8 * 1024 * 1024, 210 * 1024 * 1024
APPEARANCE = "appearance"
CSRF_FIELD, KEY_FIELD, VERSION_FIELD = "_csrf", "_key", "_version"


T = TypeVar("T")


class CsrfMissing(Exception):
    """A changing request that did not come from a form of this session."""


class AnyVisit:
    """A request of anybody; ``api`` answers what is open to everybody. The page says that the parts ``missing`` are."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.user: Caller | None = None
        self.named: list[Deputyship] = []
        self.deputyships: list[Deputyship] = []
        self.acting: Deputyship | None = None
        self.organization: Both = ("", "")
        self.closed = False
        self.csrf = ""
        self.api = Api(request.app.state.http, "")
        self.missing: set[str] = set()

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def address(self) -> str:
        """Path and query, to come back to."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def query(self) -> str:
        return self.request.url.query

    @property
    def appearance(self) -> str:
        """Light, dark, or what the browser's system says; the browser keeps the choice."""
        chosen = self.request.cookies.get(APPEARANCE)
        return chosen if chosen in APPEARANCES else "auto"

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return "hx-request" in self.request.headers

    def render(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A page, or a part of one when the file's name begins with ``_``."""
        state = self.request.app.state
        whole = not template.rpartition("/")[2].startswith("_")
        notice = state.cookies.notice_of(self.request) if whole else None
        given = {"visit": self, "user": self.user, "notice": notice, **context}
        response = HTMLResponse(state.templates.get_template(template).render(given), status)
        if notice:
            state.cookies.forget_notice(response)
        return response

    async def unless_away(self, asked: Awaitable[T]) -> T | None:
        """What the page can do without; None, and ``missing``, while its part is away."""
        try:
            return await asked
        except Away as away:
            self.missing.add(away.part)
            return None

    async def listed(self, path: str) -> list[dict[str, Any]]:
        """A short list whole, that the page can do without: names, or what to choose from."""
        found = await self.unless_away(self.api.get(path, limit=200))
        return found["items"] if found else []

    def redirect(self, path: str, notice: Both | None = None) -> RedirectResponse:
        """To a path of ours, which shows the notice."""
        response = RedirectResponse(path, 303)
        if notice:
            self.request.app.state.cookies.leave_notice(response, notice)
        return response


class UserVisit(AnyVisit):
    """A request of somebody who is logged in. ``form`` is what was sent, empty for a GET.

    The user was ``named`` a deputy, may stand in for others by those ``deputyships`` that run today, and does by the
    one that is ``acting``.
    """

    user: Caller

    def __init__(self, request: Request, session: WebSession) -> None:
        super().__init__(request)
        # Keycloak itself gave us the token; the services verify it again
        claims = jwt.decode(session.tokens.access, options={"verify_signature": False})
        self.user = self._oneself = caller_of(claims, address_of(request))
        office, today = self.user.office, clock.today()
        self.named = [each for each in deputies.told(claims) if each.office == office and today <= each.until]
        self.deputyships = deputies.running(self.named, office, today)
        self.acting = next((each for each in self.deputyships if each.absent == session.acting_for), None)
        self.ended = session.acting_for is not None and self.acting is None
        if self.acting:
            self.user = self.user.acting(self.acting)
        telemetry.identify(sub=self.user.sub, tenant=self.user.tenant or self.user.unit or "")
        self.csrf = session.csrf
        self.api = Api(request.app.state.http, session.tokens.access, self.user.address, self.user.acting_for)
        self.form = FormData()

    def stand_down(self) -> None:
        """The page is the user's own."""
        self.user, self.acting = self._oneself, None

    @property
    def idempotency_key(self) -> str | None:
        """The key that the form brought: sent twice, it does nothing twice."""
        return self.field(KEY_FIELD) or None

    @property
    def if_match(self) -> str | None:
        """The version that the form was made from."""
        return self.field(VERSION_FIELD) or None

    def field(self, name: str) -> str:
        """A field of the form as text; empty when it was not sent."""
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def words(self, name: str) -> list[str]:
        """What a field enumerates, however it is written."""
        return [word.strip() for word in re.split(r"[、，,；;\n]", self.field(name)) if word.strip()]

    def column(self, name: str) -> list[str]:
        """A field that a form has several times."""
        return [value.strip() for value in self.form.getlist(name) if isinstance(value, str)]

    def has(self, *roles: Role) -> bool:
        return self.user.has(*roles)

    def may_begin(self, *roles: Role) -> bool:
        """Whether the user has one of these roles, and works for an office that still writes."""
        return self.has(*roles) and not self.closed


async def _anyone(request: Request) -> AnyVisit:
    """``Zp-Background`` marks what a page asks for by itself: that keeps no session alive."""
    state = request.app.state
    request.state.visit = visit = AnyVisit(request)
    secret = request.cookies.get(state.cookies.session)
    if not secret:
        return visit
    try:
        session = await state.sessions.find(secret, active="zp-background" not in request.headers)
    except Unavailable as error:
        if error.session:
            request.state.visit = UserVisit(request, error.session)
        raise Away("keycloak") from error
    if session is None:
        return visit
    request.state.visit = known = UserVisit(request, session)
    if known.ended:
        raise DeputyshipEnded
    organization = await state.organizations.of(known.user, known.api)
    known.organization, known.closed = organization.name, organization.closed
    return known


def _known(most: int) -> Callable[[Request], Coroutine[Any, Any, UserVisit]]:
    async def known(request: Request) -> UserVisit:
        visit = await _anyone(request)
        if not isinstance(visit, UserVisit):
            raise LoginNeeded
        if not menu.shown(visit.path, visit.user):
            raise Forbidden
        if request.method not in SAFE:
            await _take_form(request, visit, most)
        return visit

    return known


async def read_form(request: Request, most: int = MAX_BODY) -> FormData:
    """What was sent, files on disk; Rejected when it is too large."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not length.isdigit() or int(length) > most:
        size = f"{most // 1024 // 1024} MB"
        detail = (f"一次提交的内容不能超过 {size}。", f"No more than {size} can be sent at once.")
        raise Rejected.here(413, "too-large", ("内容过大", "Too large"), detail)
    return await request.form()


async def _take_form(request: Request, visit: UserVisit, most: int) -> None:
    """Reads the form; CsrfMissing when it does not carry the session's token."""
    visit.form = await read_form(request, most)
    given = request.headers.get("x-csrf-token") or visit.field(CSRF_FIELD)
    if not secrets.compare_digest(given.encode(), visit.csrf.encode()):
        raise CsrfMissing


Visit = Annotated[UserVisit, Depends(_known(MAX_BODY))]
"""For pages of people who are logged in; others are sent to the login, and come back."""

UploadVisit = Annotated[UserVisit, Depends(_known(MAX_UPLOAD))]
"""For forms that bring large files."""

Guest = Annotated[AnyVisit, Depends(_anyone)]
"""For pages that anybody may see; a ``UserVisit`` when somebody is logged in."""
