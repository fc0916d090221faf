"""What tokens say: rights come flat, to our clients only, and each client's tokens carry no more than it needs."""

from typing import Any

import httpx
import pytest
from keycloak import KeycloakAdmin

from deploy.local.credentials import DEMO_USERS
from deploy.local.system import System
from gateway.keycloak.tests.support import PASSWORD, claims, sign_in
from realm.declaration import ROLES

RIGHTS = ("aud", "roles", "tenant", "unit", "tenants", "kafka_principal", "realm_access", "resource_access")
EXPECTED: dict[str, dict[str, Any]] = {
    "province.admin": {"name": "省自贸办管理员", "roles": ["admin", "province"]},
    "hefei.admin": {"name": "合肥片区管理员", "roles": ["admin", "city"], "tenant": "hefei"},
    "wuhu.admin": {"name": "芜湖片区管理员", "roles": ["admin", "city"], "tenant": "wuhu"},
    "bengbu.admin": {"name": "蚌埠片区管理员", "roles": ["admin", "city"], "tenant": "bengbu"},
    "dept.swt": {"name": "省商务厅联络员", "roles": ["department"], "unit": "swt"},
    "swt.admin": {"name": "省商务厅管理员", "roles": ["admin", "department"], "unit": "swt"},
    "dept.hfhg": {"name": "合肥海关联络员", "roles": ["department"], "unit": "hfhg"},
    "auditor.demo": {"name": "审计管理员", "roles": ["auditor"]},
    "operator.demo": {"name": "运维管理员", "roles": ["operator"]},
    "security.demo": {"name": "安全管理员", "roles": ["security"]},
}


def _rights(token: dict[str, Any]) -> dict[str, Any]:
    said = {name: token[name] for name in RIGHTS if name in token}
    return {name: sorted(value) if isinstance(value, list) else value for name, value in said.items()}


def test_the_demo_users_are_those_that_are_announced() -> None:
    assert EXPECTED.keys() == DEMO_USERS.keys()


@pytest.mark.parametrize("user", EXPECTED)
def test_a_demo_user_has_exactly_its_rights(system: System, user: str) -> None:
    token = claims(system.token(user))
    expected = dict(EXPECTED[user])
    assert token["name"] == expected.pop("name")
    assert token["preferred_username"] == user
    assert token["iss"] == system.endpoints["issuer"]
    assert token["exp"] - token["iat"] == 300
    assert _rights(token) == {"aud": "zoneportal-api", **expected}


def test_nobody_wears_two_of_the_three_hats(admin: KeycloakAdmin) -> None:
    wearers = [user["id"] for hat in ("security", "operator", "auditor") for user in admin.get_realm_role_members(hat)]
    assert len(wearers) == len(set(wearers)) == 3


def test_an_integrator_reads_apis_and_kafka_for_its_tenants(system: System) -> None:
    assert _rights(claims(system.token("integrator-hefei"))) == {
        "aud": ["zoneportal-api", "zoneportal-kafka"],
        "roles": ["integrator"],
        "tenants": ["hefei"],
        "kafka_principal": "service-account-integrator-hefei",
    }


@pytest.mark.parametrize(
    ("service", "management"),
    [
        ("notify", {"view-realm", "view-users", "query-users", "query-groups"}),
        ("catalog", {"manage-organizations"}),
        ("people", {"query-users", "query-organizations", "query-clients"}),
    ],
)
def test_a_service_may_manage_no_more_than_it_needs(
    system: System, keycloak: httpx.Client, service: str, management: set[str]
) -> None:
    secret = system.instance.secrets[f"{service}_client"]
    form = {"grant_type": "client_credentials", "client_id": f"zoneportal-{service}", "client_secret": secret}
    answer = keycloak.post("/protocol/openid-connect/token", data=form)
    rights = _rights(claims(answer.json()["access_token"]))
    assert set(rights.pop("resource_access")["realm-management"]["roles"]) == management
    assert rights == {"aud": "realm-management"}


def test_a_client_with_the_default_scopes_gets_none_of_our_claims(
    keycloak: httpx.Client, foreign_client: str, person: dict[str, Any]
) -> None:
    token = claims(sign_in(keycloak, foreign_client, person["username"], PASSWORD).json()["access_token"])
    assert "zoneportal-api" not in token["aud"]
    assert not token.keys() & {"roles", "tenant", "unit", "tenants", "kafka_principal"}


@pytest.mark.parametrize("scope", ["zoneportal-kafka", "zoneportal", "roles", "offline_access", "organization"])
def test_a_client_cannot_ask_for_a_scope_that_it_was_not_given(
    system: System, keycloak: httpx.Client, scope: str
) -> None:
    answer = sign_in(keycloak, "zoneportal-cli", "hefei.admin", system.password, scope=scope)
    rights = _rights(claims(answer.json()["access_token"])) if answer.is_success else None
    assert rights in (None, {"aud": "zoneportal-api", "roles": ["admin", "city"], "tenant": "hefei"})


def test_a_new_zones_user_needs_no_code(admin: KeycloakAdmin, keycloak: httpx.Client, person: dict[str, Any]) -> None:
    admin.update_user(person["id"], {**person, "attributes": {"tenant": ["huainan"]}})
    token = claims(sign_in(keycloak, "zoneportal-cli", person["username"], PASSWORD).json()["access_token"])
    assert _rights(token) == {"aud": "zoneportal-api", "roles": ["city"], "tenant": "huainan"}


def test_the_realm_has_the_roles_of_the_design(admin: KeycloakAdmin) -> None:
    known = {role["name"] for role in admin.get_realm_roles()}
    assert known >= ROLES.keys() >= {"province", "city", "department", "integrator", "operator", "security", "auditor"}
