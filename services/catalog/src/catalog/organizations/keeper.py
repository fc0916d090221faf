"""Works the queue off: each zone and unit that asked for one gets its organization in Keycloak, once."""

import asyncio
import contextlib
from functools import cached_property

from keycloak import KeycloakAdmin

from catalog.organizations import rules, store
from catalog.settings import CatalogSettings
from chassis import telemetry
from chassis.tenancy import Database, RowMapping

BATCH = 20
REST_SECONDS = 1.0


class Keeper:
    """A task of the worker. A request stays in the queue until Keycloak has answered for it."""

    def __init__(self, settings: CatalogSettings, database: Database) -> None:
        self._settings, self._database = settings, database

    @cached_property
    def _keycloak(self) -> KeycloakAdmin:
        return KeycloakAdmin(
            server_url=self._settings.keycloak_url.rstrip("/") + "/",
            realm_name="zoneportal",
            client_id=self._settings.oidc_client_id,
            client_secret_key=self._settings.oidc_client_secret,
            timeout=10,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for due requests every second until ``stop`` is set."""
        while not stop.is_set():
            try:
                await self._work_off()
            except Exception as error:
                telemetry.log.warning("organizations interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), REST_SECONDS)

    async def _work_off(self) -> None:
        async with self._database.session() as db:
            requests = await store.due(db, BATCH)
        for request in requests:
            await self._work_on(request)

    async def _work_on(self, request: RowMapping) -> None:
        alias, name = request["alias"], request["name"]
        try:
            await asyncio.to_thread(self._ensure, alias, name, request["domain"])
        except Exception as error:
            telemetry.log.warning("organization %s: %s: %s", alias, type(error).__name__, error)
            reason = f"{type(error).__name__}: {error}"[:500]
            async with self._database.session() as db:
                await store.failed(db, alias, reason, rules.pause_seconds(request["attempts"]))
        else:
            async with self._database.session() as db:
                await store.done(db, alias, name)

    def _ensure(self, alias: str, name: str, domain: str) -> None:
        found = next((item for item in self._keycloak.get_organizations() if item.get("alias") == alias), None)
        if found is None:
            self._keycloak.create_organization(rules.wanted(alias, name, domain))
        elif (payload := rules.renamed(found, name)) is not None:
            self._keycloak.update_organization(found["id"], payload)
