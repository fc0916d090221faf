"""Brings the realm to what is declared. Each step tells what it changed; a realm that is right gives no word."""

import json
from collections.abc import Iterator

from keycloak import KeycloakAdmin

from realm import declaration, login, permissions, registration
from realm.clients import Client
from realm.compare import merged
from realm.declaration import REALM, Representation
from realm.settings import RealmSettings


def connect(url: str, name: str, password: str) -> KeycloakAdmin:
    """An administrator's connection; it speaks of the realm ``zoneportal``."""
    return KeycloakAdmin(
        server_url=url.rstrip("/") + "/", username=name, password=password, realm_name=REALM, user_realm_name="master"
    )


def provision(admin: KeycloakAdmin, settings: RealmSettings, clients: list[Client]) -> Iterator[str]:
    """The realm without its people."""
    yield from _realm(admin, declaration.realm(settings))
    yield from _roles(admin)
    yield from _profile(admin)
    yield from _client_scopes(admin)
    yield from _role_of_scope(admin, *declaration.SCOPE_ROLE)
    yield from registration.register(admin, clients)
    yield from login.demands(admin)
    yield from login.provision(admin)
    yield from permissions.grant(admin, clients)
    yield from _offices(admin)


def _realm(admin: KeycloakAdmin, want: Representation) -> Iterator[str]:
    if not any(realm["realm"] == REALM for realm in admin.get_realms()):
        admin.create_realm(want)
        yield f"realm {REALM} made"
        return
    have = admin.get_realm(REALM)
    if (better := merged(have, want)) != have:
        admin.update_realm(REALM, better)
        yield f"realm {REALM} set"


def _roles(admin: KeycloakAdmin) -> Iterator[str]:
    known = {role["name"] for role in admin.get_realm_roles()}
    for name, title in declaration.ROLES.items():
        if name not in known:
            admin.create_realm_role({"name": name, "description": title})
            yield f"role {name} made"


def _offices(admin: KeycloakAdmin) -> Iterator[str]:
    known = {organization["alias"] for organization in admin.get_organizations()}
    for alias, name in declaration.OFFICES.items():
        if alias not in known:
            admin.create_organization(declaration.organization(alias, name, "office"))
            yield f"organization {alias} made"


def _profile(admin: KeycloakAdmin) -> Iterator[str]:
    have = admin.get_realm_users_profile()
    ours = {attribute["name"]: attribute for attribute in declaration.PROFILE_ATTRIBUTES}
    kept = [attribute for attribute in have["attributes"] if attribute["name"] not in ours]
    changed = [
        _without_nothing(attribute | declaration.PROFILE_CHANGES.get(attribute["name"], {})) for attribute in kept
    ]
    want = have | {"attributes": [*changed, *ours.values()]}
    if want != have:
        admin.update_realm_users_profile(want)
        yield "user profile set"


def _without_nothing(values: Representation) -> Representation:
    return {name: value for name, value in values.items() if value is not None}


def _client_scopes(admin: KeycloakAdmin) -> Iterator[str]:
    known = {scope["name"]: scope for scope in admin.get_client_scopes()}
    settings = {"include.in.token.scope": "false", "display.on.consent.screen": "false"}
    for name, mappers in declaration.CLIENT_SCOPES.items():
        want = {"name": name, "protocol": "openid-connect", "attributes": settings}
        have = known.get(name)
        if have is None:
            admin.create_client_scope(want | {"protocolMappers": mappers})
            yield f"client scope {name} made"
            continue
        if (better := merged(have, want)) != have:
            admin.update_client_scope(have["id"], better)
            yield f"client scope {name} set"
        yield from _mappers(admin, have, mappers)


def _role_of_scope(admin: KeycloakAdmin, scope: str, role: str) -> Iterator[str]:
    id_ = next(each["id"] for each in admin.get_client_scopes() if each["name"] == scope)
    known = admin.get_all_roles_of_client_scope(id_).get("realmMappings", [])
    if role not in {each["name"] for each in known}:
        path = f"admin/realms/{REALM}/client-scopes/{id_}/scope-mappings/realm"
        admin.connection.raw_post(path, data=json.dumps([admin.get_realm_role(role)])).raise_for_status()
        yield f"client scope {scope}: role {role} given"


def _mappers(admin: KeycloakAdmin, scope: Representation, wanted: list[Representation]) -> Iterator[str]:
    """A scope of ours has our mappers, as declared, and no other."""
    known = {mapper["name"]: mapper for mapper in scope.get("protocolMappers", ())}
    for want in wanted:
        have = known.pop(want["name"], None)
        if have is None:
            admin.add_mapper_to_client_scope(scope["id"], want)
        elif have != have | want:
            admin.update_mapper_in_client_scope(scope["id"], have["id"], have | want)
        else:
            continue
        yield f"mapper {scope['name']}/{want['name']} set"
    for name, mapper in known.items():
        admin.delete_mapper_from_client_scope(scope["id"], mapper["id"])
        yield f"mapper {scope['name']}/{name} removed"
