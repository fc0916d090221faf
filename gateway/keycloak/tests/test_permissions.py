"""The client that manages people may do that, and nothing by which it could do more."""

from collections.abc import Callable
from typing import Any

import pytest
from keycloak import KeycloakAdmin, KeycloakError

from deploy.local.system import System
from gateway.keycloak.tests.support import client
from realm.declaration import DEMANDS, REALM

Person = dict[str, Any]
Try = Callable[[KeycloakAdmin, KeycloakAdmin, Person], object]


@pytest.fixture(scope="module")
def people(system: System) -> KeycloakAdmin:
    url, secret = system.instance.keycloak.rstrip("/") + "/", system.instance.secrets["people_client"]
    return KeycloakAdmin(server_url=url, realm_name=REALM, client_id="zoneportal-people", client_secret_key=secret)


def _role(name: str) -> Try:
    return lambda people, admin, person: people.assign_realm_roles(person["id"], [admin.get_realm_role(name)])


def _management(people: KeycloakAdmin, admin: KeycloakAdmin, person: Person) -> object:
    id_ = client(admin, "realm-management")["id"]
    return people.assign_client_role(person["id"], id_, [admin.get_client_role(id_, "manage-users")])


def _demand_that_gives_a_role(people: KeycloakAdmin, admin: KeycloakAdmin, person: Person) -> object:
    id_ = client(admin, DEMANDS)["id"]
    return people.add_composite_client_roles_to_role(id_, "city", [admin.get_realm_role("province")])


REFUSED: dict[str, Try] = {
    "gives the role of integrators": _role("integrator"),
    "gives a right of administration": _management,
    "makes a demand bring a role": _demand_that_gives_a_role,
    "makes a client": lambda people, admin, person: people.create_client({"clientId": "zoneportal-more"}),
    "reads a client's secret": lambda people, admin, person: people.get_client_secrets(
        client(admin, "zoneportal-portal")["id"]
    ),
    "changes the realm": lambda people, admin, person: people.update_realm(REALM, {"bruteForceProtected": False}),
    "makes a role": lambda people, admin, person: people.create_realm_role({"name": "more"}),
}


@pytest.mark.parametrize("what", REFUSED)
def test_more_is_refused(people: KeycloakAdmin, admin: KeycloakAdmin, person: Person, what: str) -> None:
    with pytest.raises(KeycloakError) as refused:
        REFUSED[what](people, admin, person)
    assert refused.value.response_code == 403


def test_people_are_managed(people: KeycloakAdmin, admin: KeycloakAdmin, person: Person) -> None:
    _role("admin")(people, admin, person)
    people.update_user(person["id"], people.get_user(person["id"]) | {"enabled": False})
    found = people.get_user(person["id"])
    assert (found["enabled"], found["attributes"]) == (False, {"tenant": ["hefei"]})
