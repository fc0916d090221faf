"""The integrator as a client of Keycloak: its secret, its scopes, and its service account's role and tenants."""

from functools import cached_property
from typing import Any

from keycloak import KeycloakAdmin

from notify.integrators import rules
from notify.integrators.rules import Wish
from notify.settings import NotifySettings


class Realm:
    """Brings the client in step; what is so already stays. Raises Foreign, and what python-keycloak raises."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings

    @cached_property
    def _keycloak(self) -> KeycloakAdmin:
        return KeycloakAdmin(
            server_url=self._settings.keycloak_url.rstrip("/") + "/",
            realm_name="zoneportal",
            client_id="zoneportal-grants",
            client_secret_key=self._settings.grants_secret,
            timeout=10,
        )

    def bring(self, wish: Wish) -> None:
        have = self._found(wish.client)
        if wish.removed:
            if have is not None and _is_integrator(have):
                self._keycloak.delete_client(have["id"])
            return
        if have is None:
            scopes = {"defaultClientScopes": sorted(rules.SCOPES), "optionalClientScopes": []}
            id_ = self._keycloak.create_client(rules.representation(wish) | scopes)
        elif _is_integrator(have):
            id_ = have["id"]
            self._set(have, wish)
        else:
            raise rules.Foreign
        self._account(id_, wish)

    def _found(self, client: str) -> dict[str, Any] | None:
        id_ = self._keycloak.get_client_id(client)
        return None if id_ is None else self._keycloak.get_client(id_)

    def _set(self, have: dict[str, Any], wish: Wish) -> None:
        want = rules.representation(wish)
        if any(have.get(name) != value for name, value in want.items()):
            self._keycloak.update_client(have["id"], have | want)
        ids = {scope["name"]: scope["id"] for scope in self._keycloak.get_client_scopes()}
        for name in have["optionalClientScopes"]:
            self._keycloak.delete_client_optional_client_scope(have["id"], ids[name])
        for name in set(have["defaultClientScopes"]) - rules.SCOPES:
            self._keycloak.delete_client_default_client_scope(have["id"], ids[name])
        for name in rules.SCOPES - set(have["defaultClientScopes"]):
            self._keycloak.add_client_default_client_scope(have["id"], ids[name], {})

    def _account(self, id_: str, wish: Wish) -> None:
        account = self._keycloak.get_client_service_account_user(id_)
        attributes = account.get("attributes") or {}
        if set(attributes.get("tenants", ())) != wish.tenants:
            wanted = attributes | {"tenants": sorted(wish.tenants)}
            self._keycloak.update_user(account["id"], account | {"attributes": wanted})
        if rules.ROLE not in {role["name"] for role in self._keycloak.get_realm_roles_of_user(account["id"])}:
            self._keycloak.assign_realm_roles(account["id"], [self._keycloak.get_realm_role(rules.ROLE)])


def _is_integrator(client: dict[str, Any]) -> bool:
    return rules.MARK in client["defaultClientScopes"]
