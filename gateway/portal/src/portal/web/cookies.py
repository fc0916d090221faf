"""The portal's cookies. The session's name has the prefix ``__Host-`` where the gateway's address is https."""

import json
from typing import Literal, TypedDict

from starlette.requests import Request
from starlette.responses import Response

from portal.web.words import Both

LOGIN_SECONDS = 900
NOTICE_SECONDS = 60
YEAR_SECONDS = 31_536_000


class _Safe(TypedDict):
    httponly: bool
    samesite: Literal["lax"]
    path: str
    secure: bool


class Cookies:
    def __init__(self, *, secure: bool) -> None:
        prefix = "__Host-" if secure else ""
        self.session, self.login, self.notice = f"{prefix}session", f"{prefix}login", f"{prefix}notice"
        self._safe = _Safe(httponly=True, samesite="lax", path="/", secure=secure)

    def begin_session(self, response: Response, secret: str) -> None:
        response.set_cookie(self.session, secret, **self._safe)
        response.delete_cookie(self.login, **self._safe)

    def end_session(self, response: Response) -> None:
        response.delete_cookie(self.session, **self._safe)

    def begin_login(self, response: Response, secret: str) -> None:
        response.set_cookie(self.login, secret, max_age=LOGIN_SECONDS, **self._safe)

    def keep(self, response: Response, name: str, value: str) -> None:
        """A preference."""
        response.set_cookie(name, value, max_age=YEAR_SECONDS, **self._safe)

    def leave_notice(self, response: Response, notice: Both) -> None:
        """For the next page to show."""
        value = json.dumps(notice).encode().hex()
        response.set_cookie(self.notice, value, max_age=NOTICE_SECONDS, **self._safe)

    def notice_of(self, request: Request) -> Both | None:
        try:
            chinese, english = json.loads(bytes.fromhex(request.cookies[self.notice]))
        except (KeyError, ValueError, TypeError):
            return None
        return str(chinese), str(english)

    def forget_notice(self, response: Response) -> None:
        response.delete_cookie(self.notice, **self._safe)
