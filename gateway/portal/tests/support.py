"""A browser without scripts: follows redirects, keeps cookies, fills in forms."""

import html
import os
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from unittest.mock import patch
from urllib.parse import urljoin

import httpx
from fastapi import FastAPI

from deploy.local.services import api
from deploy.local.system import TLS, System
from portal.app import app

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<input\b([^>]*)>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def attributes(tag: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}


T = TypeVar("T")
OnRequest = Callable[[httpx.Request], Awaitable[None]]
OnResponse = Callable[[httpx.Response], Awaitable[None]]


class Browser(httpx.Client):
    """Takes loopback for a safe place for ``Secure`` cookies, as browsers do."""

    def __init__(self, system: System) -> None:
        gateway, hooks = system.endpoints["gateway"], {"response": [self._trust_loopback]}
        super().__init__(
            base_url=gateway, follow_redirects=True, timeout=30, trust_env=False, verify=TLS, event_hooks=hooks
        )
        self._password = system.password

    def _trust_loopback(self, response: httpx.Response) -> None:
        for cookie in self.cookies.jar:
            cookie.secure = False

    def log_in(self, user: str, path: str = "/") -> httpx.Response:
        """Asks for a page, fills in Keycloak's forms; what is shown in the end."""
        page = self.get("/login", params={"next": path})
        return self.fill_in(page, user)

    def fill_in(self, page: httpx.Response, user: str) -> httpx.Response:
        """Keycloak asks for the name, then for the password; it refuses while it is busy with another login of the
        same user, so this tries for some time.
        """
        given, deadline = {"username": user, "password": self._password}, time.monotonic() + 30
        while "/login-actions/authenticate" in page.text:
            assert time.monotonic() < deadline, page.text
            page = self.submit(page, "/login-actions/authenticate", **given)
            time.sleep(0.2 if 'aria-invalid="true"' in page.text else 0)
        return page

    def submit(self, page: httpx.Response, action: str, **given: str | list[str]) -> httpx.Response:
        """Sends the form of the page whose address is ``action``, else has it: its own fields and the given ones."""
        forms = [(attributes(tag).get("action", ""), body) for tag, body in FORM.findall(page.text)]
        for target, body in sorted(forms, key=lambda form: form[0] != action):
            if action in target:
                return self.post(urljoin(str(page.url), target), data={**fields(body), **given})
        raise AssertionError(f"no form {action} in {page.text}")

    def secret(self, cookie: str = "session") -> str:
        return self.cookies[cookie]


@asynccontextmanager
async def portal(
    system: System, gateway: str, *sent: OnRequest, answered: Sequence[OnResponse] = (), **settings: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A portal of its own in this process, on the system's database, behind the given gateway; ``sent`` sees what it
    asks there, ``answered`` what comes back, before it does.
    """
    with patch.dict(os.environ, {**api(system.instance, "portal").env, "ZP_GATEWAY_URL": gateway, **settings}):
        made: FastAPI = app()
    async with (
        made.router.lifespan_context(made),
        httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url=gateway) as client,
    ):
        made.state.http.event_hooks = {"request": sent, "response": answered}
        yield client


def fields(form: str) -> dict[str, str]:
    found = map(attributes, FIELD.findall(form))
    return {field["name"]: field.get("value", "") for field in found if "name" in field}


def csrf(page: httpx.Response) -> str:
    return fields(page.text)["_csrf"]


def here(answer: httpx.Response) -> str:
    """Path and query of the page that is shown."""
    return answer.url.raw_path.decode()


def header(answer: httpx.Response, name: str) -> Mapping[str, Any]:
    """A policy as a mapping: ``script-src`` to ``'self'``."""
    parts = (part.strip().partition(" ") for part in answer.headers[name].split(";"))
    return {name: value for name, _, value in parts}


def until(look: Callable[[], T | None], seconds: float = 20) -> T:
    """The first value of ``look`` that is not None; TimeoutError when there is none in time."""
    deadline = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come")
        time.sleep(0.1)
    return found
