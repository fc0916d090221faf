"""The services, asked through the gateway as the user who is looking at the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import uuid4

import httpx
from fastapi import Path

from chassis import deputies, telemetry
from chassis.connecting import Transport
from portal.web import language
from portal.web.words import Both

Code = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
"""A code in a page's address, as it may be put into an API's path."""

SECONDS = httpx.Timeout(20, connect=3)
FILE_SECONDS = httpx.Timeout(60, connect=3)
"""For sheets, notices and documents, as the gateway has it."""


class Failure(Exception):
    """Base of what an answer of the services can be other than a success."""


class LoginNeeded(Failure):
    """There is no session, or its token is not accepted (any more)."""


class Forbidden(Failure):
    """The user may not do this."""


class DeputyshipEnded(Failure):
    """The user is no deputy (any more) of whom the session stands in for."""


class Missing(Failure):
    """There is no such thing, or none that the user may see."""


@dataclass
class Away(Failure):
    """A part of the system does not answer now; ``part`` is its name: ``catalog``, ``progress``, ``notify``…

    ``wait`` are the seconds after which it is worth a further try.
    """

    part: str
    wait: int = 5


@dataclass
class Rejected(Failure):
    """Input or state do not allow it (409, 412, 413, 415, 422, 428, 429): the problem, for the form to show.

    ``errors`` are by field: the pointer ``/body/next_steps`` is ``next_steps``. ``wait`` as with ``Away``, if known.
    """

    status: int
    slug: str
    title: str
    title_en: str
    detail: str
    errors: dict[str, str]
    wait: int | None = None

    @classmethod
    def of(cls, answer: httpx.Response) -> "Rejected":
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        errors = {_field(error["pointer"]): error["detail"] for error in problem.get("errors", [])}
        return cls(
            answer.status_code,
            str(problem.get("type", "")).rpartition("/")[2],
            problem.get("title", "请求未被接受"),
            problem.get("title_en", "Not accepted"),
            problem.get("detail", ""),
            errors,
            _wait(answer),
        )

    @classmethod
    def here(
        cls, status: int, slug: str, title: Both, detail: Both, errors: Mapping[str, Both] | None = None
    ) -> "Rejected":
        """What the pages themselves do not accept, in the reader's language."""
        said = {field: language.t(*reason) for field, reason in (errors or {}).items()}
        return cls(status, slug, *title, language.t(*detail), said)

    def at(self, fields: Mapping[str, str]) -> "Rejected":
        """With the detail at the field that it is about, when ``fields`` knows one for its slug."""
        field = fields.get(self.slug)
        return replace(self, errors=self.errors | {field: self.detail}) if field else self


def no_file(field: str = "file") -> Rejected:
    """A form that should have brought one."""
    return Rejected.here(
        422,
        "invalid",
        ("未上传", "Not uploaded"),
        ("请选择一个文件。", "Please choose a file."),
        {field: ("尚未选择文件", "No file was chosen")},
    )


def _field(pointer: str) -> str:
    """``/body/industries/0`` becomes ``industries``."""
    parts = pointer.strip("/").split("/")
    return parts[1] if len(parts) > 1 else parts[0]


class Api:
    """``path`` is the whole path, as in ``/api/progress/v1/lines``. Failures are raised.

    ``address`` is the way that the user's request came, which the services note in the audit trail; ``acting_for``
    the subject of whom the user stands in for.
    """

    def __init__(self, http: httpx.AsyncClient, token: str, address: str = "", acting_for: str | None = None) -> None:
        self._http, self._token, self._address, self._acting_for = http, token, address, acting_for or ""

    async def get(self, path: str, **params: object) -> Any:
        """Parameters that are None or empty are left away."""
        query = {name: str(value) for name, value in params.items() if value not in (None, "")}
        return await self.ask("GET", path, params=query)

    async def post(
        self, path: str, *, json: object = None, if_match: str | None = None, idempotency_key: str | None = None
    ) -> Any:
        """``if_match`` is the version that the form was made from, ``idempotency_key`` the form's own key."""
        return await self.ask("POST", path, json=json, headers=conditions(if_match, idempotency_key))

    async def patch(
        self, path: str, *, json: object, if_match: str | None = None, idempotency_key: str | None = None
    ) -> Any:
        return await self.ask("PATCH", path, json=json, headers=conditions(if_match, idempotency_key))

    async def put(
        self, path: str, *, json: object, if_match: str | None = None, idempotency_key: str | None = None
    ) -> Any:
        return await self.ask("PUT", path, json=json, headers=conditions(if_match, idempotency_key))

    async def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **given: Any) -> Any:
        """For what is not JSON (``files=``, ``content=``); what comes back is JSON, or None when it is empty."""
        answer = await self._ask(method, path, headers=headers, **given)
        return answer.json() if answer.content else None

    async def download(self, path: str, **params: object) -> httpx.Response:
        """A file, with its type and name in the headers."""
        query = {name: str(value) for name, value in params.items()}
        return await self._ask("GET", path, params=query, timeout=FILE_SECONDS)

    async def attempt(self, method: str, path: str, *, headers: Mapping[str, str], **given: Any) -> httpx.Response:
        """Whatever comes back, refusals too. Away when nothing does."""
        try:
            return await self._http.request(method, path, headers=self.headers() | dict(headers), **given)
        except httpx.HTTPError as error:
            telemetry.log.warning("%s %s: %s", method, path, type(error).__name__)
            raise Away(part_of(path)) from error

    async def stream(self, path: str) -> httpx.Response:
        """A large file, of which nothing is read yet; whoever asked for it closes it."""
        request = self._http.build_request("GET", path, headers=self.headers())
        try:
            answer = await self._http.send(request, stream=True)
            if not answer.is_success:
                await answer.aread()
        except httpx.HTTPError as error:
            telemetry.log.warning("GET %s: %s", path, type(error).__name__)
            raise Away(part_of(path)) from error
        check(answer, path)
        return answer

    async def _ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **given: Any
    ) -> httpx.Response:
        answer = await self.attempt(method, path, headers=headers or {}, **given)
        check(answer, path)
        return answer

    def headers(self) -> dict[str, str]:
        """The user's token, if there is a user, the way that the request came, the page's language, and its trace."""
        carried = {
            "Authorization": f"Bearer {self._token}" if self._token else "",
            "X-Forwarded-For": self._address,
            deputies.HEADER: self._acting_for,
            "Accept-Language": language.tag(),
            "traceparent": telemetry.traceparent(),
        }
        return {name: value for name, value in carried.items() if value}


def conditions(if_match: str | None, idempotency_key: str | None) -> dict[str, str]:
    headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
    return headers | ({"If-Match": f'"{if_match}"'} if if_match else {})


def part_of(path: str) -> str:
    """``/api/progress/v1/lines`` belongs to ``progress``."""
    return path.split("/")[2]


_BEHIND = {
    "scanner-away": "scanner",
    "store-away": "store",
    "accounts-away": "keycloak",
    "keys-unavailable": "keycloak",
}
"""What a service needs itself and says to be away, by the problem's slug."""
_FAILURES: dict[int, type[Failure]] = {401: LoginNeeded, 403: Forbidden, 404: Missing}


def check(answer: httpx.Response, path: str) -> None:
    """Raises the failure that the answer is, if it is one."""
    if answer.is_success:
        return
    if answer.status_code == 403 and Rejected.of(answer).slug == "not-deputy":
        raise DeputyshipEnded
    if answer.status_code in _FAILURES:
        raise _FAILURES[answer.status_code]
    if answer.status_code >= 500:
        telemetry.log.warning("%s: %d", path, answer.status_code)
        problem = Rejected.of(answer)
        raise Away(_BEHIND.get(problem.slug, part_of(path)), problem.wait or Away.wait)
    raise Rejected.of(answer)


def _wait(answer: httpx.Response) -> int | None:
    """The seconds that an answer asks to wait (``Retry-After``), an hour at most; None when it says none."""
    said = answer.headers.get("retry-after", "")
    return min(int(said), 3600) if said.isascii() and said.isdigit() else None


def client(gateway: str, *, most: int | None) -> httpx.AsyncClient:
    """``most`` connections to the gateway at a time; None for any number, as streams need them."""
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    transport = Transport(limits=limits, trust_env=False)
    return httpx.AsyncClient(base_url=gateway, timeout=SECONDS, transport=transport)
