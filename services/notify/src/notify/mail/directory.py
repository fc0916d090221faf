"""Who belongs to an audience, by Keycloak: its people and their addresses."""

import asyncio
import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

from keycloak import KeycloakAdmin

from chassis.auth import Role
from notify import audiences
from notify.settings import NotifySettings

CACHED_SECONDS = 60.0
ATTRIBUTES = {"zone": ("tenant", Role.CITY), "unit": ("unit", Role.DEPARTMENT)}

Users = dict[str, dict[str, Any]]
Fetch = Callable[[], list[dict[str, Any]]]
"""All of a list: python-keycloak asks for page after page by itself."""


class Directory:
    """Answers are kept for a minute. Raises what python-keycloak and requests raise."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._known: dict[str, tuple[float, Users]] = {}
        self._lock = asyncio.Lock()

    @cached_property
    def _keycloak(self) -> KeycloakAdmin:
        return KeycloakAdmin(
            server_url=self._settings.keycloak_url.rstrip("/") + "/",
            realm_name="zoneportal",
            client_id=self._settings.oidc_client_id,
            client_secret_key=self._settings.oidc_client_secret,
            timeout=10,
        )

    async def people(self, audience: str) -> dict[str, str]:
        """The addresses of the people who read as this audience, by person (``sub``)."""
        async with self._lock:
            people = await asyncio.to_thread(self._people, audience)
        return {sub: user["email"] for sub, user in people.items() if user.get("enabled") and user.get("email")}

    async def admins(self) -> frozenset[str]:
        """All who manage the users of their office."""
        async with self._lock:
            return frozenset(await asyncio.to_thread(self._with_role, Role.ADMIN))

    def _people(self, audience: str) -> Users:
        """A person with several roles belongs to one audience: province before zone before unit."""
        if audience == audiences.PROVINCE:
            return self._with_role(Role.PROVINCE)
        kind, _, code = audience.partition(":")
        attribute, role = ATTRIBUTES[kind]
        members = self._with_role(role)
        higher = set(self._with_role(Role.PROVINCE))
        if role is Role.DEPARTMENT:
            higher |= set(self._with_role(Role.CITY))
        return {
            id_: user
            for id_, user in self._with_attribute(attribute, code).items()
            if id_ in members and id_ not in higher
        }

    def _with_role(self, role: Role) -> Users:
        return self._kept(f"role {role}", partial(self._keycloak.get_realm_role_members, str(role)))

    def _with_attribute(self, name: str, value: str) -> Users:
        query = {"q": f"{name}:{value}", "briefRepresentation": "false"}
        found = self._kept(f"{name} {value}", partial(self._keycloak.get_users, query))
        return {id_: user for id_, user in found.items() if (user.get("attributes") or {}).get(name) == [value]}

    def _kept(self, key: str, fetch: Fetch) -> Users:
        known = self._known.get(key)
        if known is None or time.monotonic() >= known[0]:
            known = self._known[key] = (time.monotonic() + CACHED_SECONDS, {user["id"]: user for user in fetch()})
        return known[1]
