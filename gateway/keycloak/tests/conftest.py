"""What the tests of the realm need: its administrator, its provisioning, people and clients that live for one test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from keycloak import KeycloakAdmin

from deploy.local.instance import ROOT
from deploy.local.keycloak import realm_env
from deploy.local.system import System
from gateway.keycloak.tests.support import PASSWORD, Provision
from realm.provision import connect


@pytest.fixture(scope="session")
def admin(system: System) -> KeycloakAdmin:
    env = realm_env(system.instance)
    return connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])


@pytest.fixture(scope="session")
def provision(system: System) -> Provision:
    """Provisions the realm as the launcher does; the lines tell what was changed."""

    def run() -> list[str]:
        command = [sys.executable, "-m", "realm", "--demo"]
        env = os.environ | {"NO_PROXY": "127.0.0.1"} | realm_env(system.instance)
        return subprocess.run(
            command, cwd=ROOT, env=env, check=True, capture_output=True, text=True
        ).stdout.splitlines()

    return run


@pytest.fixture
def person(admin: KeycloakAdmin) -> Iterator[dict[str, Any]]:
    """A user of the zone Hefei, with ``PASSWORD``."""
    username = f"test-{uuid4().hex[:12]}"
    id_ = admin.create_user(
        {
            "username": username,
            "email": f"{username}@zoneportal.internal",
            "enabled": True,
            "attributes": {"tenant": ["hefei"]},
            "credentials": [{"type": "password", "value": PASSWORD, "temporary": False}],
        }
    )
    admin.assign_realm_roles(id_, [admin.get_realm_role("city")])
    yield admin.get_user(id_)
    admin.delete_user(id_)


@pytest.fixture
def foreign_client(admin: KeycloakAdmin) -> Iterator[str]:
    """A public client as an administrator clicks it together: with the realm's default scopes and all roles."""
    name = f"test-{uuid4().hex[:12]}"
    id_ = admin.create_client({"clientId": name, "publicClient": True, "directAccessGrantsEnabled": True})
    yield name
    admin.delete_client(id_)


@pytest.fixture
def keycloak(system: System) -> Iterator[httpx.Client]:
    """The realm's public addresses, through the gateway."""
    with httpx.Client(base_url=system.instance.issuer, timeout=30, trust_env=False) as client:
        yield client
