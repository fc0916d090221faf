"""What the user's office is called: asked from the catalog, remembered for some minutes."""

import asyncio
import time

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


class Organizations:
    def __init__(self) -> None:
        self._known: dict[str, tuple[float, str]] = {}

    async def name(self, user: Caller, api: Api) -> Both:
        """The zone's or unit's name; its code while the catalog does not tell."""
        if user.scope == "tenant":
            return await self._asked(f"/api/catalog/v1/zones/{user.tenant}", user.tenant or "", api)
        if user.scope == "unit":
            return await self._asked(f"/api/catalog/v1/units/{user.unit}", user.unit or "", api)
        return next((words for role, words in BY_ROLE.items() if user.has(role)), ("", ""))

    async def _asked(self, path: str, code: str, api: Api) -> Both:
        until, name = self._known.get(path, (0.0, code))
        if until < time.monotonic():
            seconds = _REMEMBERED_SECONDS
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    name = str((await api.get(path))["name"])
            except (Failure, TimeoutError):
                seconds = _RETRY_SECONDS
            self._known[path] = time.monotonic() + seconds, name
        return name, name
