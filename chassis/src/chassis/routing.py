"""Routes as units of work: one transaction a request, committed before the answer leaves; idempotency; versions."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Scope

from chassis import idempotency, languages
from chassis.auth import admitted
from chassis.problems import Problem, responses

MAX_BODY = 6 * 1024 * 1024
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Problem(413, "too-large", "请求正文超过 6 MB。")
    request._body = bytes(body)
    return request._body


class UnitOfWork(APIRoute):
    """Gives the request its database session and commits it; an exception rolls everything back."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def work(request: Request) -> Response:
            async with request.app.state.database.session() as session:
                request.state.db = session
                if request.method not in CHANGING:
                    return await handle(request)
                body = await _read_body(request)
                return await idempotency.once(request, session, body, handle)

        return work


class Router(APIRouter):
    """The router of a feature. Its routes are described with ``x-roles``: of these a caller needs one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"route_class": UnitOfWork} | options)
        self._things: set[str] = set()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Does not ask its routes about a path without any of the things that theirs begin with: to ask those of all
        features costs more than most answers.
        """
        if self._things.isdisjoint(scope["path"].split("/")):
            return Match.NONE, {}
        return super().matches(scope)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        changing = CHANGING.intersection(options.get("methods") or ())
        documented = responses(401, 403, 404, 422, 503)
        if changing:
            documented |= responses(400, 409, 412, 413, 415, 428)
            options["dependencies"] = [*(options.get("dependencies") or []), Depends(_idempotency_key)]
        options["responses"] = documented | (options.get("responses") or {})
        self._things.add(f"{self.prefix}{path}".split("/")[1])
        super().add_api_route(path, endpoint, **options)
        made = self.routes[-1]
        if isinstance(made, APIRoute) and (roles := admitted(made.dependant)) is not None:
            made.openapi_extra = (made.openapi_extra or {}) | {"x-roles": sorted(roles)}


async def _idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=128,
            pattern=r"^[!-~]+$",
            description="Repeating a request with it does nothing twice",
        ),
    ] = None,
) -> None:
    """Documents the header; ``idempotency.once`` acts on it."""


def etag(version: int) -> str:
    return f'"{version}"'


async def _if_match(
    if_match: Annotated[
        str | None,
        Header(description='ETag that was read, e.g. "7"', json_schema_extra={"pattern": r'^(W/)?"[0-9]{1,17}"$'}),
    ] = None,
) -> int:
    if if_match is None:
        raise Problem(
            428, "if-match-required", "缺少 If-Match 请求头，请先读取最新版本。", errors=[("/header/If-Match", "必填")]
        )
    digits = if_match.strip().removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        raise Problem(412, "stale", "If-Match 与任何版本都不符。", errors=[("/header/If-Match", "应为读取时的 ETag")])
    return int(digits)


IfMatch = Annotated[int, Depends(_if_match)]


def check(version: int, if_match: int) -> None:
    """412 when the thing has moved on since the caller read it."""
    if version != if_match:
        raise Problem(
            412,
            "stale",
            "内容已被他人修改，请刷新后重试。",
            errors=[("/header/If-Match", f"当前版本为 {version}")],
            headers={"ETag": etag(version)},
        )


def knows(request: Request, tag: str) -> bool:
    """Whether the caller has the state of this ETag already."""
    known = request.headers.get("if-none-match", "")
    return tag in [item.strip().removeprefix("W/") for item in known.split(",")]


def answer(
    body: bytes | BaseModel | None,
    *,
    version: int | None = None,
    tag: str | None = None,
    status: int = 200,
    request: Request | None = None,
) -> Response:
    """A JSON answer with its ETag (of the version, or ``tag`` as it stands); 304 when ``request`` knows it already."""
    headers = {"Cache-Control": "private, no-cache"}
    mark = etag(version) if version is not None else tag
    if mark is not None:
        headers["ETag"] = mark
        if request is not None and knows(request, mark):
            return Response(status_code=304, headers=headers)
    content = body.model_dump_json() if isinstance(body, BaseModel) else body
    return Response(content, status, headers | languages.headers(), "application/json")
