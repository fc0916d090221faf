"""The user's office, as the catalog tells it: remembered for some minutes."""

import asyncio
import time
from dataclasses import dataclass

from chassis.auth import Caller, Role
from portal.web.api import Api, Failure
from portal.web.words import Both

_REMEMBERED_SECONDS, _RETRY_SECONDS, _PATIENCE_SECONDS = 300.0, 15.0, 2.0
BY_ROLE: dict[Role, Both] = {
    Role.PROVINCE: ("省自贸办", "Provincial zone office"),
    Role.AUDITOR: ("纪检审计", "Audit"),
    Role.OPERATOR: ("系统运维", "Operations"),
    Role.SECURITY: ("安全管理", "Security"),
    Role.INTEGRATOR: ("系统对接", "Integration"),
}


@dataclass(frozen=True)
class Organization:
    """What it is called, and whether it is a closed zone, whose people only read."""

    name: Both
    closed: bool = False


class Organizations:
    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Organization]] = {}

    async def of(self, user: Caller, api: Api) -> Organization:
        """The zone or unit; by its code while the catalog does not tell."""
        if user.scope == "tenant":
            return await self._asked(f"/api/catalog/v1/zones/{user.tenant}", user.tenant or "", api)
        if user.scope == "unit":
            return await self._asked(f"/api/catalog/v1/units/{user.unit}", user.unit or "", api)
        return Organization(next((words for role, words in BY_ROLE.items() if user.has(role)), ("", "")))

    async def _asked(self, path: str, code: str, api: Api) -> Organization:
        until, known = self._known.get(path, (0.0, Organization((code, code))))
        if until < time.monotonic():
            seconds = _REMEMBERED_SECONDS
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    found = await api.get(path)
                known = Organization((str(found["name"]),) * 2, bool(found.get("closed_on")))
            except (Failure, TimeoutError):
                seconds = _RETRY_SECONDS
            self._known[path] = time.monotonic() + seconds, known
        return known
