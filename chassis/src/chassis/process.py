"""What a service's ``python -m <service> api|worker|migrate`` runs."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from pkgutil import resolve_name

import uvicorn
import uvloop
from fastapi import FastAPI

from chassis import telemetry
from chassis.app import add_health
from chassis.forgetting import Forgetting
from chassis.serving import Server
from chassis.settings import Settings
from chassis.tenancy import Database

Task = Callable[[asyncio.Event], Awaitable[None]]
GRACE_SECONDS = 5
ANSWER_SECONDS = 60
"""What an API that stops gives the requests that it is answering."""

logging.captureWarnings(True)  # what libraries warn of while they are loaded is no line of the log


def main(
    service: str,
    settings: type[Settings],
    migrations: Path,
    app: str,
    worker: str | None = None,
) -> None:
    """Runs one of the service's processes, as its command says, until SIGTERM or SIGINT.

    ``app`` and ``worker`` are named as ``module:function`` and loaded by the process that runs them: each starts
    faster, and is smaller, without the other.
    """
    parser = argparse.ArgumentParser(prog=service)
    parser.add_argument("command", choices=["api", "migrate", *(["worker"] if worker else [])])
    command = parser.parse_args().command
    telemetry.configure(f"{service}-{command}", settings().log_level)
    if os.environ.get(telemetry.COLLECTOR):
        from chassis import tracing  # noqa: PLC0415 - the SDK takes memory

        tracing.begin(f"{service}-{command}")
    Database.needs = newest(migrations)
    if command == "migrate":
        from chassis.migrations import upgrade  # noqa: PLC0415 - alembic is not needed otherwise

        upgrade(migrations)
    elif command == "worker":
        assert worker is not None  # noqa: S101 - the parser offered it
        uvloop.run(_call(resolve_name(worker)))
    else:
        with contextlib.suppress(KeyboardInterrupt):
            uvloop.run(_api(resolve_name(app)(), settings()).serve())


async def _call(worker: Callable[[], Awaitable[None]]) -> None:
    await worker()


def newest(migrations: Path) -> str:
    """The migration that a folder of them ends with; they are numbered in their order."""
    return max(path.name.partition("_")[0] for path in (migrations / "versions").glob("*.py"))


def _api(app: FastAPI, settings: Settings) -> uvicorn.Server:
    return Server(_config(app, settings, ANSWER_SECONDS), app)


def _config(app: FastAPI, settings: Settings, grace: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=grace,
        timeout_keep_alive=75,
    )


async def run_worker(settings: Settings, ready: Callable[[], Awaitable[object]], tasks: Sequence[Task]) -> None:
    """Runs the tasks side by side until SIGTERM or SIGINT, with ``/livez``, ``/readyz`` and ``/metrics`` beside them.

    Each task is given the event that asks it to stop. One that ends by an exception ends the process, for its
    launcher to start again.
    """
    stop = asyncio.Event()
    app = FastAPI(openapi_url=None, telemetry=telemetry.NO_PROBES)
    add_health(app, ready)
    server = uvicorn.Server(_config(app, settings, GRACE_SECONDS))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running = [asyncio.create_task(_named(task, stop)) for task in (*tasks, Forgetting(settings.database_url).run)]
    serving = asyncio.create_task(server.serve())
    done, _ = await asyncio.wait(
        [*running, serving, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED
    )
    stop.set()
    server.should_exit = True
    await asyncio.wait([*running, serving], timeout=GRACE_SECONDS)
    for task in done:
        task.result()


async def _named(task: Task, stop: asyncio.Event) -> None:
    await task(stop)
