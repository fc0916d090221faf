"""The language of the page at hand. Both texts stand side by side where they are used: ``t('中文', 'English')``."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from babel import Locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

CHINESE, ENGLISH = "zh", "en"
COOKIE = "lang"
_current: ContextVar[str] = ContextVar("language", default=CHINESE)


def use(language: str | None) -> None:
    """Sets the language of this request; Chinese unless it is English."""
    _current.set(ENGLISH if language == ENGLISH else CHINESE)


def current() -> str:
    return _current.get()


def tag() -> str:
    """As in ``<html lang>``."""
    return "en" if current() == ENGLISH else "zh-CN"


def locale() -> Locale:
    return Locale("en") if current() == ENGLISH else Locale("zh", script="Hans")


def t(chinese: str, english: str) -> str:
    return english if current() == ENGLISH else chinese


def told(thing: Mapping[str, Any], name: str) -> str:
    """A field that an API gives as ``name`` in Chinese and ``name_en`` in English."""
    return str(t(str(thing[name]), str(thing.get(f"{name}_en") or thing[name])))


class Language:
    """ASGI middleware: the language that the browser's cookie asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            use(Request(scope).cookies.get(COOKIE))
        await self.app(scope, receive, send)
