"""Fine-grained rights in Keycloak: which people, roles, organizations and clients a service of ours may manage."""

import json
from collections.abc import Iterable, Iterator

from keycloak import KeycloakAdmin

from realm.clients import Client, Permission
from realm.declaration import Representation

_SERVER = "admin-permissions"


def grant(admin: KeycloakAdmin, clients: Iterable[Client]) -> Iterator[str]:
    """Each client has the permissions that are declared for it; the realm keeps them from when it has switched on."""
    granting = _Granting(admin)
    for client in clients:
        for permission in client.permissions:
            yield from granting.bring(client.name, permission)


class _Granting:
    """What is there already is read once."""

    def __init__(self, admin: KeycloakAdmin) -> None:
        self._admin = admin
        self._clients = {client["clientId"]: client["id"] for client in admin.get_clients()}
        self._roles = {role["name"]: role["id"] for role in admin.get_realm_roles()}
        self._server = self._clients[_SERVER]
        self._policies = {policy["name"] for policy in admin.get_client_authz_policies(self._server)}
        self._permissions = {each["name"]: each["id"] for each in admin.get_client_authz_permissions(self._server)}

    def bring(self, client: str, permission: Permission) -> Iterator[str]:
        if client not in self._policies:
            self._admin.create_client_authz_policy(self._server, self._policy(client))
            self._policies.add(client)
        name = f"{client}: {permission.kind}"
        want = self._wanted(name, client, permission)
        if name not in self._permissions:
            self._admin.create_client_authz_scope_permission(want, self._server)
        elif self._differs(self._permissions[name], want):
            id_ = self._permissions[name]
            self._admin.update_client_authz_scope_permission(want | {"id": id_}, self._server, id_)
        else:
            return
        yield f"permission {name} set"

    def _policy(self, client: str) -> Representation:
        """It speaks of the service account: Keycloak leaves policies of clients out of account where it lists."""
        account = self._admin.get_client_service_account_user(self._clients[client])
        return {"name": client, "type": "user", "config": {"users": json.dumps([account["id"]])}}

    def _wanted(self, name: str, client: str, permission: Permission) -> Representation:
        known = self._clients if permission.kind == "Clients" else self._roles
        return {
            "name": name,
            "resourceType": permission.kind,
            "scopes": list(permission.scopes),
            "resources": [known[each] for each in permission.of],
            "policies": [client],
            "logic": "POSITIVE",
            "decisionStrategy": "UNANIMOUS",
        }

    def _differs(self, id_: str, want: Representation) -> bool:
        scopes = {each["name"] for each in self._admin.get_client_authz_policy_scopes(self._server, id_)}
        resources = {each["name"] for each in self._admin.get_client_authz_policy_resources(self._server, id_)}
        whole = set(want["resources"]) or {want["resourceType"]}
        return (scopes, resources) != (set(want["scopes"]), whole)
