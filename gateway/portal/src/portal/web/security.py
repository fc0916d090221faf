"""Security headers on every answer, and where a browser may be sent."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.settings import PortalSettings


def policy(settings: PortalSettings) -> str:
    """The Content-Security-Policy of every page."""
    forms = " ".join(dict.fromkeys(("'self'", settings.issuer_origin)))
    allowed = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",  # Tabler's stylesheet carries its form controls as data
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": forms,
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def headers(settings: PortalSettings) -> dict[str, str]:
    given = {
        "Content-Security-Policy": policy(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return given | ({"Strict-Transport-Security": "max-age=31536000"} if settings.secure else {})


class SecurityHeaders:
    """ASGI middleware; an answer's own headers win."""

    def __init__(self, app: ASGIApp, settings: PortalSettings) -> None:
        self.app, self._headers = app, headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    own.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, marked)


def own_path(target: str | None) -> str:
    """The target when it is a path of ours, else the front page: nobody is sent elsewhere by a link to us."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if len(target) > 2000 or any(ch < "!" or ch in "\\\x7f" for ch in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc or parts.path.startswith(("/api/", "/auth/", "/login")) else target
