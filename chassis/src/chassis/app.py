"""The FastAPI application of a service."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis import deputies, languages, links, problems, telemetry
from chassis.auth import Authenticator
from chassis.problems import Refusal
from chassis.settings import Settings
from chassis.tenancy import Database

# Of the contracts: the first number grows when something breaks, the second when something comes (semver.org).
VERSION = "1.0.0"
ABOUT = (
    f"A person's request with the header `{deputies.HEADER}: <sub>` is made as the deputy of that person: with "
    "that person's roles, in both names; 403 `not-deputy` when it is not so, or no longer. The token needs the scope "
    "`openid`."
)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def add_health(app: FastAPI, ready: Callable[[], Any]) -> None:
    """``/livez`` (the process answers), ``/readyz`` (what it needs answers too) and ``/metrics``. The first two answer
    503 from when the process was told to stop.
    """
    app.state.leaving = False

    @app.get("/livez", include_in_schema=False)
    async def livez() -> Response:
        return _unready("stopping") if app.state.leaving else Response("ok", media_type="text/plain")

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        if app.state.leaving:
            return _unready("stopping")
        try:
            await ready()
        except Exception as error:
            telemetry.log.warning("not ready: %s: %s", type(error).__name__, error)
            return _unready("not ready")
        return Response("ok", media_type="text/plain")

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _unready(why: str) -> Response:
    return Response(why, 503, media_type="text/plain")


def create(
    service: str,
    title: str,
    settings: Settings,
    routers: Sequence[APIRouter],
    *,
    lifespan: Lifespan | None = None,
    dependencies: Sequence[Any] = (),
    refusals: Mapping[str, Refusal] = MappingProxyType({}),
) -> FastAPI:
    """The API of a service under ``/api/<service>/v1``, with health, metrics, problems and traces.

    ``dependencies`` come before those of every route; ``refusals`` are what its own triggers say, by SQLSTATE.
    """
    database = Database(settings.database_url)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(database.close)
            if lifespan is not None:
                await stack.enter_async_context(lifespan(app))
            yield

    app = FastAPI(
        title=title,
        version=VERSION,
        description=ABOUT,
        openapi_url=f"/api/{service}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
        lifespan=life,
        separate_input_output_schemas=False,
        telemetry=telemetry.NO_PROBES,
    )
    app.state.database = database
    app.state.authenticator = Authenticator(settings)
    app.state.settings = settings
    for package in ("chassis", service):
        languages.load(package)
    app.add_middleware(deputies.Uncached)
    app.add_middleware(languages.Language)
    app.add_middleware(telemetry.Trace)
    problems.install(app, refusals)
    add_health(app, database.ready)
    for router in routers:
        app.include_router(router, prefix=f"/api/{service}/v1", dependencies=list(dependencies))
    _complete_description(app)
    return app


def _complete_description(app: FastAPI) -> None:
    """Adds what FastAPI cannot know: problems, that ``If-Match`` is required (428 without), and links."""
    build = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = build()
            document.setdefault("components", {}).setdefault("schemas", {})["ProblemOut"] = problems.schema()
            for parameter in _parameters(document):
                if parameter["name"] == "if-match":
                    parameter["required"] = True
            links.add(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    operations = (operation for path in document["paths"].values() for operation in path.values())
    return (parameter for operation in operations for parameter in operation.get("parameters", ()))
