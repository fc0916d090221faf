"""Words that the tests of the realm share."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import jwt
from kafka.net.sasl.oauth import AbstractTokenProvider
from keycloak import KeycloakAdmin

from deploy.local.system import System
from realm.declaration import Representation

PASSWORD = "a password of tests"
Provision = Callable[[], list[str]]


class _Tokens(AbstractTokenProvider):  # type: ignore[misc]
    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def token(self) -> str:
        return self._token()


def at_broker(system: System, token: Callable[[], str]) -> dict[str, Any]:
    """How an outsider with such tokens reaches the broker."""
    return {
        "bootstrap_servers": system.endpoints["kafka"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "OAUTHBEARER",
        "sasl_oauth_token_provider": _Tokens(token),
        "bootstrap_timeout_ms": 3000,
    }


def sign_in(keycloak: httpx.Client, client: str, username: str, password: str, **more: str) -> httpx.Response:
    """Asks for a token by name and password."""
    form = {"grant_type": "password", "client_id": client, "username": username, "password": password, **more}
    return keycloak.post("/protocol/openid-connect/token", data=form)


def claims(token: str) -> dict[str, Any]:
    """What a token of this realm says; the broker and the gateway are who verify it."""
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


def client(admin: KeycloakAdmin, name: str) -> Representation:
    found: Representation = admin.get_client(str(admin.get_client_id(name)))
    return found


def client_scope(admin: KeycloakAdmin, name: str) -> Representation:
    found: Representation = admin.get_client_scope_by_name(name) or {}
    return found


def state(admin: KeycloakAdmin) -> object:
    """The whole realm without its people, comparable: without ids that Keycloak makes up, and without order."""
    return _comparable(admin.export_realm(export_clients=True, export_groups_and_role=True))


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _comparable(inner) for name, inner in value.items() if name not in ("id", "containerId")}
    if isinstance(value, list):
        return sorted((_comparable(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value
