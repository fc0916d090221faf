"""A database of the catalog of its own on the real server, and the API on it."""

import asyncio
import os
import subprocess
import sys
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx

from catalog.app import app
from chassis.tenancy import Database
from deploy.local.instance import ROOT
from deploy.local.system import System
from services.progress.tests.worlds import Issuer

DATABASE = "catalog_scratch"
SEED = (ROOT / "data" / "notice.txt").read_bytes().decode()


class World:
    """Callers are those of ``Issuer.token``."""

    def __init__(self, system: System, issuer: Issuer) -> None:
        self.instance, self._issuer = system.instance, issuer
        self.superuser = system.database("catalog").rpartition("/")[0] + f"/{DATABASE}"
        with patch.dict(os.environ, self.env("catalog_api")):
            self.app = app()
        self.database = Database(self.env("catalog_worker")["ZP_DATABASE_URL"])

    def env(self, role: str) -> dict[str, str]:
        return {
            "ZP_PORT": "1",
            "ZP_DATABASE_URL": self.instance.database(DATABASE, role, role),
            "ZP_ISSUER": self._issuer.url,
            "ZP_JWKS_URL": self._issuer.url,
            "ZP_KAFKA_BOOTSTRAP": self.instance.address("kafka_internal"),
            "ZP_KAFKA_USERNAME": "catalog",
            "ZP_KAFKA_PASSWORD": self.instance.secrets["kafka_catalog"],
        }

    async def call(self, name: str, method: str, path: str, **given: Any) -> httpx.Response:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://catalog/api/catalog/v1",
            headers={"Authorization": f"Bearer {self._issuer.token(name)}"},
        )
        async with client:
            return await client.request(method, path, **given)

    async def get(self, path: str, name: str = "province", **params: Any) -> Any:
        return (await self.call(name, "GET", path, params=params)).raise_for_status().json()

    async def upload(self, text: str, name: str = "province", filename: str = "notice.txt") -> httpx.Response:
        return await self.call(name, "POST", "/imports", files={"file": (filename, text.encode(), "text/plain")})

    async def confirm(self, import_id: str, name: str = "province") -> httpx.Response:
        return await self.call(name, "POST", f"/imports/{import_id}/confirmation")

    async def draft(self, text: str, name: str = "province") -> Any:
        """The draft edition that a notice becomes, or None."""
        imported = (await self.upload(text, name)).raise_for_status().json()
        return (await self.confirm(imported["id"], name)).raise_for_status().json()["edition"]

    async def publish(self, edition: Any, name: str = "province") -> httpx.Response:
        path = f"/editions/{edition['id']}/publication"
        return await self.call(name, "POST", path, headers={"If-Match": f'"{edition["version"]}"'})

    async def bring(self, text: str) -> Any:
        """Publishes a notice."""
        return (await self.publish(await self.draft(text))).raise_for_status().json()

    async def tasks(self, **filters: str) -> list[Any]:
        """All tasks that are found, over all pages."""
        found: list[Any] = []
        cursor = None
        while True:
            params = {"limit": "200"} | filters | ({"cursor": cursor} if cursor else {})
            page = await self.get("/tasks", **params)
            found += page["items"]
            if (cursor := page["next"]) is None:
                return found

    async def events(self) -> list[tuple[str, str]]:
        """Type and subject of every event that waits to be published, in order."""
        connection = await asyncpg.connect(self.superuser)
        try:
            rows = await connection.fetch("SELECT type, subject FROM outbox ORDER BY position")
        finally:
            await connection.close()
        return [(row["type"].removeprefix("zoneportal.catalog.").removesuffix(".v1"), row["subject"]) for row in rows]


async def create(system: System, issuer: Issuer) -> World:
    """Makes the database anew, as it is provisioned and migrated."""
    server = await asyncpg.connect(system.database("catalog"))
    await server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    await server.execute(f"CREATE DATABASE {DATABASE} OWNER catalog_owner")
    await server.close()
    world = World(system, issuer)
    scratch = await asyncpg.connect(world.superuser)
    await scratch.execute("ALTER SCHEMA public OWNER TO catalog_owner")
    await scratch.execute("GRANT USAGE ON SCHEMA public TO catalog_api, catalog_worker")
    await scratch.close()
    await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "catalog", "migrate"],
        env={**os.environ, **world.env("catalog_owner")},
        check=True,
        capture_output=True,
    )
    return world
