"""Who belongs to an audience, from the real Keycloak."""

import asyncio

import pytest
from keycloak import KeycloakAdmin

from deploy.local.system import System
from notify.mail.directory import Directory
from notify.settings import NotifySettings


@pytest.fixture
def settings(system: System) -> NotifySettings:
    return NotifySettings(
        issuer="",
        jwks_url="",
        port=0,
        database_url="",
        keycloak_url=system.instance.keycloak,
        oidc_client_secret=system.instance.secrets["notify_client"],
    )


async def test_everybody_is_found_however_many_pages_keycloak_has(
    settings: NotifySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await Directory(settings).admins()
    assert len(whole) > 2
    monkeypatch.setattr(KeycloakAdmin, "PAGE_SIZE", 1)
    async with asyncio.timeout(20):
        assert await Directory(settings).admins() == whole
