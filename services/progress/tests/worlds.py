"""A database of progress of its own on the real server, filled by catalog events, with callers of every kind."""

import json
import os
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chassis.events import Event, uuid7
from chassis.settings import Settings
from chassis.tenancy import Database
from deploy.local.system import System
from progress.app import app
from progress.catalog_copy import events as catalog_copy
from progress.lines import opening
from progress.topics import Topics

DATABASE = "progress_scratch"
CITIES = {"hfs": ("hefei", "合肥市"), "whs": ("wuhu", "芜湖市"), "bbs": ("bengbu", "蚌埠市")}
DEPARTMENTS = {"swt": "省商务厅", "hfhg": "合肥海关", "fgw": "省发展改革委", "kjt": "省科技厅"}
NAMES = DEPARTMENTS | {code: name for code, (_, name) in CITIES.items()}
CALLERS: dict[str, dict[str, Any]] = {
    "province": {"roles": ["province"]},
    "auditor": {"roles": ["auditor"]},
    "operator": {"roles": ["operator"]},
    "integrator": {"roles": ["integrator"], "tenants": ["hefei"]},
    "security": {"roles": ["security"]},
    "nobody": {"roles": []},
    "hefei": {"roles": ["city"], "tenant": "hefei"},
    "wuhu": {"roles": ["city"], "tenant": "wuhu"},
    "bengbu": {"roles": ["city"], "tenant": "bengbu"},
    "lost city": {"roles": ["city"]},
    "lost department": {"roles": ["department"]},
    "idle department": {"roles": ["department"], "unit": "of-no-task"},
    **{code: {"roles": ["department"], "unit": code} for code in DEPARTMENTS},
    "hefei head": {"roles": ["city", "admin"], "tenant": "hefei"},
    "swt head": {"roles": ["department", "admin"], "unit": "swt"},
}


class Issuer:
    """Signs access tokens as Keycloak does, and serves its key."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        keys = json.dumps({"keys": [public | {"kid": "test", "use": "sig", "alg": "RS256"}]}).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the test's output quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, name: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "zoneportal-api", "sub": f"sub-{name}", "name": name, "iat": now}
        claims["preferred_username"] = name.replace(" ", ".")
        return jwt.encode(claims | {"exp": now + 3600} | CALLERS[name], self._key, "RS256", {"kid": "test"})


class World:
    """The API on the scratch database, and the handlers of the worker."""

    def __init__(self, system: System, issuer: Issuer) -> None:
        self.instance, self._issuer = system.instance, issuer
        self.attachments = system.instance.folder("attachments-of-tests")
        self.superuser = system.database("progress").rpartition("/")[0] + f"/{DATABASE}"
        with patch.dict(os.environ, self.env("progress_api")):
            self.app = app()
        self.database = Database(self.env("progress_worker")["ZP_DATABASE_URL"])
        topics = Topics(self.settings())
        self._handlers = catalog_copy.handlers(topics) | opening.handlers(topics)
        self._numbers = count(1)

    def env(self, role: str) -> dict[str, str]:
        return {
            "ZP_PORT": "1",
            "ZP_DATABASE_URL": self.instance.database(DATABASE, role, role),
            "ZP_ISSUER": self._issuer.url,
            "ZP_JWKS_URL": self._issuer.url,
            "ZP_KAFKA_BOOTSTRAP": self.instance.address("kafka_internal"),
            "ZP_KAFKA_USERNAME": "progress",
            "ZP_ATTACHMENTS_URL": self.attachments.as_uri(),
            "ZP_KAFKA_PASSWORD": self.instance.secrets["kafka_progress"],
        }

    def settings(self) -> Settings:
        with patch.dict(os.environ, self.env("progress_worker")):
            return Settings()

    def client(self, name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://progress/api/progress/v1",
            headers={"Authorization": f"Bearer {self._issuer.token(name)}"},
        )

    @asynccontextmanager
    async def server(self) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(self.superuser)
        try:
            yield connection
        finally:
            await connection.close()

    async def feed(self, *events: tuple[str, int, Mapping[str, Any]]) -> None:
        """Handles events (what, version, data) as the worker does."""
        async with self.database.session() as session:
            for what, version, data in events:
                name = f"zoneportal.catalog.{what}.v1"
                event = Event(name, "/zoneportal/catalog", str(data["id"]), None, version, dict(data))
                await self._handlers[name](session, event)

    def task(self, units: Sequence[str], **over: Any) -> dict[str, Any]:
        """A new task of these units, the first of which leads, as its event tells it."""
        number = next(self._numbers)
        parts = [
            {
                "unit": {"code": code, "name": NAMES[code], "kind": "city" if code in CITIES else "department"},
                "role": "member" if position else "lead",
                "position": position,
                "zone": CITIES[code][0] if code in CITIES else None,
            }
            for position, code in enumerate(units)
        ]
        plan = number % 9 + 1
        return {
            "id": str(uuid7()),
            "code": str(number),
            "number": number,
            "title": f"任务{number}",
            "text": f"任务{number}。正文",
            "plan": {"code": str(plan), "number": plan, "name": f"专项行动计划{plan}", "kind": "special"},
            "responsibilities": parts,
            "zones": [CITIES[code][0] for code in units if code in CITIES],
            "due": None,
            "edition": 1,
        } | over

    async def publish(self, units: Sequence[str], **over: Any) -> dict[str, Any]:
        task = self.task(units, **over)
        await self.feed(("task.published", 1, task))
        return task

    async def lines(self, name: str, **filters: str) -> list[dict[str, Any]]:
        """All lines that a caller finds, over all pages."""
        found: list[dict[str, Any]] = []
        params: dict[str, str] = {"limit": "200", **filters}
        async with self.client(name) as client:
            while True:
                answer = (await client.get("/lines", params=params)).raise_for_status().json()
                found += answer["items"]
                if answer["next"] is None:
                    return found
                params["cursor"] = answer["next"]

    async def line(self, task: Mapping[str, Any], jurisdiction: str) -> dict[str, Any]:
        (line,) = await self.lines("province", task=task["code"], jurisdiction=jurisdiction)
        return line

    async def schedule(self, line: Mapping[str, Any], name: str = "province") -> dict[str, Any]:
        async with self.client(name) as client:
            return dict((await client.get(f"/lines/{line['id']}/schedule")).raise_for_status().json())

    async def act(self, name: str, line: Mapping[str, Any], what: str, **body: Any) -> httpx.Response:
        """Asks for an act on the line as it is now; ``what`` may name a part of the latest report (``latest/return``),
        of the first milestone that is not reached (``first/completion``) or of the last extension (``asked/approval``).
        """
        async with self.client("province") as reader:
            now = (await reader.get(f"/lines/{line['id']}")).raise_for_status().json()
        path = what
        if what.startswith("latest/"):
            path = f"reports/{now['latest_report']['id']}/{what.removeprefix('latest/')}"
        if what.startswith(("first/", "asked/")):
            path = await self._part_of_schedule(line, what)
        async with self.client(name) as client:
            headers = {"If-Match": f'"{now["version"]}"'}
            method = "PUT" if what == "schedule" else "POST"
            return await client.request(method, f"/lines/{line['id']}/{path}", json=body, headers=headers)

    async def _part_of_schedule(self, line: Mapping[str, Any], what: str) -> str:
        schedule, part = await self.schedule(line), what.partition("/")[2]
        waiting = [each["id"] for each in schedule["milestones"] if not each["done_on"]]
        asked = [each["id"] for each in schedule["extensions"]]
        if what.startswith("first/"):
            return f"milestones/{[*waiting, line['id']][0]}/{part}"
        return f"extensions/{[line['id'], *asked][-1]}/{part}"


async def create(system: System) -> None:
    """Makes the database anew, as it is provisioned."""
    server = await asyncpg.connect(system.database("progress"))
    await server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {DATABASE} OWNER progress_owner")
    await server.close()
    scratch = await asyncpg.connect(system.database("progress").rpartition("/")[0] + f"/{DATABASE}")
    await scratch.execute("ALTER SCHEMA public OWNER TO progress_owner")
    await scratch.execute("GRANT USAGE ON SCHEMA public TO progress_api, progress_worker")
    await scratch.close()
