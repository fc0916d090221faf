"""Brings the clients to what is declared: settings, scopes, and the roles of their tokens and service accounts."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from keycloak import KeycloakAdmin

from realm.clients import Client
from realm.compare import merged
from realm.declaration import ROLES, Representation

_MANAGEMENT = "realm-management"


def register(admin: KeycloakAdmin, clients: list[Client]) -> Iterator[str]:
    """The clients are in the realm, as declared."""
    yield from _Registration(admin).run(clients)


class _Registration:
    """What is there already is read once."""

    def __init__(self, admin: KeycloakAdmin) -> None:
        self._admin = admin
        self._known = {client["clientId"]: client for client in admin.get_clients()}
        self._scopes = {scope["name"]: scope["id"] for scope in admin.get_client_scopes()}
        self._management = self._known[_MANAGEMENT]["id"]
        self._realm_roles = _by_name(admin.get_realm_roles())
        self._management_roles = _by_name(admin.get_client_roles(self._management))

    def run(self, clients: list[Client]) -> Iterator[str]:
        for client in clients:
            if client.name in self._known:
                yield from self._settings(client, self._known[client.name])
                id_ = self._known[client.name]["id"]
            else:
                scopes = {"defaultClientScopes": list(client.scopes), "optionalClientScopes": []}
                id_ = self._admin.create_client(client.representation | scopes)
                yield f"client {client.name} made"
            yield from self._token_roles(client, id_)
            if client.has_account:
                yield from self._account(client, id_)

    def _settings(self, client: Client, have: Representation) -> Iterator[str]:
        if (better := merged(have, client.representation)) != have:
            self._admin.update_client(have["id"], better)
            yield f"client {client.name} set"
        yield from self._scopes_of(client, have)

    def _scopes_of(self, client: Client, have: Representation) -> Iterator[str]:
        """A client of ours is given its scopes and can ask for no other."""
        default, optional = set(have["defaultClientScopes"]), set(have["optionalClientScopes"])
        for name in optional:
            self._admin.delete_client_optional_client_scope(have["id"], self._scopes[name])
            yield f"client {client.name}: scope {name} taken"
        for name in default - set(client.scopes):
            self._admin.delete_client_default_client_scope(have["id"], self._scopes[name])
            yield f"client {client.name}: scope {name} taken"
        for name in set(client.scopes) - default:
            self._admin.add_client_default_client_scope(have["id"], self._scopes[name], {})
            yield f"client {client.name}: scope {name} given"

    def _token_roles(self, client: Client, id_: str) -> Iterator[str]:
        admin, of = self._admin, f"tokens of {client.name}"
        realm = _by_name(admin.get_realm_roles_of_client_scope(id_))
        management = _by_name(admin.get_client_roles_of_client_scope(id_, self._management))
        yield from _same(
            *(of, realm, self._realm(client.roles), (id_,)),
            give=admin.assign_realm_roles_to_client_scope,
            take=admin.delete_realm_roles_of_client_scope,
        )
        yield from _same(
            *(of, management, self._manage(client), (id_, self._management)),
            give=admin.assign_client_roles_to_client_scope,
            take=admin.delete_client_roles_of_client_scope,
        )

    def _account(self, client: Client, id_: str) -> Iterator[str]:
        """A new account gets its attributes before its roles; later they belong to those who grant rights."""
        admin, of = self._admin, f"account of {client.name}"
        user = admin.get_client_service_account_user(id_)
        realm = {role["name"]: role for role in admin.get_realm_roles_of_user(user["id"]) if role["name"] in ROLES}
        management = _by_name(admin.get_client_roles_of_user(user["id"], self._management))
        if client.attributes and not realm:
            admin.update_user(user["id"], user | {"attributes": dict(client.attributes)})
            yield f"{of}: attributes given"
        yield from _same(
            *(of, realm, self._realm(client.account_roles), (user["id"],)),
            give=admin.assign_realm_roles,
            take=admin.delete_realm_roles_of_user,
        )
        yield from _same(
            *(of, management, self._manage(client), (user["id"], self._management)),
            give=admin.assign_client_role,
            take=admin.delete_client_roles_of_user,
        )

    def _realm(self, names: Iterable[str]) -> dict[str, Representation]:
        return {name: self._realm_roles[name] for name in names}

    def _manage(self, client: Client) -> dict[str, Representation]:
        return {name: self._management_roles[name] for name in client.management_roles}


def _same(
    of: str,
    have: dict[str, Representation],
    want: dict[str, Representation],
    where: tuple[str, ...],
    give: Callable[..., Any],
    take: Callable[..., Any],
) -> Iterator[str]:
    if missing := want.keys() - have.keys():
        give(*where, [want[name] for name in missing])
        yield f"{of}: roles {', '.join(sorted(missing))} given"
    if surplus := have.keys() - want.keys():
        take(*where, [have[name] for name in surplus])
        yield f"{of}: roles {', '.join(sorted(surplus))} taken"


def _by_name(roles: list[Representation]) -> dict[str, Representation]:
    return {role["name"]: role for role in roles}
