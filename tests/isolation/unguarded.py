"""What is left when a service forgets who is asking: its statements, as they reach the database for somebody."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import asyncpg
import jwt
from fastapi import FastAPI
from starlette.testclient import TestClient

from catalog.app import app as catalog
from chassis import tenancy
from chassis.auth import Caller, caller_of
from chassis.tenancy import Session
from deploy.local.instance import ROOT
from deploy.local.services import api
from deploy.local.system import System
from notify.app import app as notify
from progress.app import app as progress
from tests.isolation.rights import KINDS
from tests.isolation.seen import SEEN_BY
from tests.isolation.things import Parameters, Things

MADE: Mapping[str, Callable[[], FastAPI]] = {"catalog": catalog, "progress": progress, "notify": notify}
STORES = {path for path in ROOT.glob("services/*/src/**/store.py") if "async def" in path.read_text()}
Params = Mapping[str, Any]


@contextmanager
def inside(system: System) -> Iterator[Mapping[str, TestClient]]:
    """A client of each service, which runs in this process with the settings of the system's own."""
    with ExitStack() as stack:
        yield {service: stack.enter_context(TestClient(_app(system, service))) for service in MADE}


def _app(system: System, service: str) -> FastAPI:
    with patch.dict(os.environ, api(system.instance, service).env):
        return MADE[service]()


@dataclass
class Notes:
    """Statements in their order, and the stores that they came from."""

    statements: list[tuple[str, Params]] = field(default_factory=list)
    stores: set[Path] = field(default_factory=set)

    @property
    def distinct(self) -> list[tuple[str, Params]]:
        return list({(sql, repr(params)): (sql, params) for sql, params in self.statements}.values())

    def note(self, sql: str, params: Params) -> None:
        self.statements.append((sql, params))
        frame = sys._getframe(2)
        while frame.f_back is not None:
            if frame.f_code.co_filename.endswith("store.py"):
                self.stores.add(Path(frame.f_code.co_filename))
            frame = frame.f_back


@contextmanager
def noting() -> Iterator[Notes]:
    notes, bound = Notes(), tenancy._bound

    def noted(sql: str, params: Params) -> tuple[Any, ...]:
        notes.note(sql, params)
        return bound(sql, params)

    with patch.object(tenancy, "_bound", noted):
        yield notes


def caller(system: System, user: str) -> Caller:
    claims = jwt.decode(system.token(user), options={"verify_signature": False})
    return caller_of(claims, "")


def own(kind: str, thing: Parameters) -> Parameters:
    """The thing's own ids and those of its parts, without those of what it is a part of."""
    return {name: id_ for name, id_ in thing.items() if KINDS.get(f"{{{name}}}", kind) == kind}


def hidden(things: Things, user: str) -> dict[str, str]:
    """The ids of what the user does not see, each with one of nothing; for the integrator what is Wuhu's, since it
    hears of all that happens in Hefei.
    """
    by_sight: dict[bool, set[str]] = {True: set(), False: set()}
    for kind, owned in things.named.items():
        for owner, thing in owned.items() if kind != "person" else ():
            if owner == "wuhu" or not user.startswith("integrator"):
                by_sight[user in SEEN_BY[kind][owner]] |= {*own(kind, thing).values()}
    return {id_: str(uuid4()) for id_ in by_sight[False] - by_sight[True] if len(id_) == len(str(uuid4()))}


async def leaks(db: Session, sql: str, params: Params, ids: Mapping[str, str]) -> bool:
    """Whether a statement shows what is hidden: other than for ids of nothing, or ids that it was not given."""
    shown, nothing = await _shown(db, sql, params), {name: _swapped(value, ids) for name, value in params.items()}
    if nothing == dict(params):
        return any(id_ in shown for id_ in ids)
    of_nothing = await _shown(db, sql, nothing)
    for id_, other in ids.items():
        of_nothing = of_nothing.replace(other, id_)
    return shown != of_nothing


def _swapped(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, UUID):
        return UUID(ids.get(str(value), str(value)))
    if isinstance(value, str):
        return next((value.replace(id_, other) for id_, other in ids.items() if id_ in value), value)
    return [_swapped(each, ids) for each in value] if isinstance(value, list) else value


async def _shown(db: Session, sql: str, params: Params) -> str:
    """What the database answers, all of it; of a refusal its code."""
    text, *values = tenancy._bound(sql, params)
    try:
        async with db.savepoint():
            statement = await (await db._begun()).prepare(text)
            rows = await statement.fetch(*values)
            return str([dict(row) for row in rows] or statement.get_statusmsg())
    except asyncpg.PostgresError as error:
        return str(error.sqlstate)
