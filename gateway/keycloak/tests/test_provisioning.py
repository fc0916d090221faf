"""Provisioning: a second run changes nothing, drift is repaired, and what people decided stays."""

from collections.abc import Callable

import pytest
from keycloak import KeycloakAdmin

from gateway.keycloak.tests.support import Provision, client, client_scope, state
from realm.declaration import REALM
from realm.demo import PEOPLE

DEMO = {person.username for person in PEOPLE}
Drift = Callable[[KeycloakAdmin], object]


def _changes(admin: KeycloakAdmin) -> list[object]:
    """Keycloak's record of what administrators of the realm ``master`` changed; the services are not among them."""
    own = admin.get_realm(REALM)["id"]
    return [event for event in admin.get_admin_events({"max": 1000}) if event["authDetails"]["realmId"] != own]


def test_a_second_run_changes_nothing(admin: KeycloakAdmin, provision: Provision) -> None:
    provision()
    before, people, events = state(admin), admin.get_users(), _changes(admin)
    assert provision() == []
    assert _changes(admin) == events
    assert state(admin) == before
    assert admin.get_users() == people


def _mapper_changed(admin: KeycloakAdmin) -> None:
    scope = client_scope(admin, "zoneportal")
    unit = next(mapper for mapper in scope["protocolMappers"] if mapper["name"] == "unit")
    config = {**unit["config"], "userinfo.token.claim": "false"}
    admin.update_mapper_in_client_scope(scope["id"], unit["id"], {**unit, "config": config})


def _mapper_removed(admin: KeycloakAdmin) -> None:
    scope = client_scope(admin, "zoneportal")
    tenants = next(mapper for mapper in scope["protocolMappers"] if mapper["name"] == "tenants")
    admin.delete_mapper_from_client_scope(scope["id"], tenants["id"])


def _mapper_added(admin: KeycloakAdmin) -> None:
    mapper = {
        "name": "extra",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-hardcoded-claim-mapper",
        "config": {"claim.name": "extra", "claim.value": "x", "access.token.claim": "true"},
    }
    admin.add_mapper_to_client_scope(client_scope(admin, "zoneportal")["id"], mapper)


def _pkce_waived(admin: KeycloakAdmin) -> None:
    portal = client(admin, "zoneportal-portal")
    attributes = {**portal["attributes"], "pkce.code.challenge.method": ""}
    admin.update_client(portal["id"], {**portal, "attributes": attributes})


def _cli_redirects(admin: KeycloakAdmin) -> None:
    cli = client(admin, "zoneportal-cli")
    admin.update_client(cli["id"], {**cli, "standardFlowEnabled": True, "redirectUris": ["https://example.org/*"]})


def _kafka_for_the_catalog(admin: KeycloakAdmin) -> None:
    scope = client_scope(admin, "zoneportal-kafka")["id"]
    admin.add_client_default_client_scope(client(admin, "zoneportal-catalog")["id"], scope, {})


def _more_roles_for_an_account(admin: KeycloakAdmin) -> None:
    account = admin.get_client_service_account_user(client(admin, "zoneportal-notify")["id"])
    management = client(admin, "realm-management")["id"]
    admin.assign_client_role(account["id"], management, [admin.get_client_role(management, "manage-users")])


def _role_kept_out_of_tokens(admin: KeycloakAdmin) -> None:
    portal = client(admin, "zoneportal-portal")["id"]
    admin.delete_realm_roles_of_client_scope(portal, [admin.get_realm_role("security")])


def _longer_sessions(admin: KeycloakAdmin) -> None:
    admin.update_realm(REALM, {"ssoSessionMaxLifespan": 1_000_000})


def _right_attribute_opened(admin: KeycloakAdmin) -> None:
    profile = admin.get_realm_users_profile()
    tenants = next(attribute for attribute in profile["attributes"] if attribute["name"] == "tenants")
    tenants["permissions"]["edit"] = ["admin", "user"]
    admin.update_realm_users_profile(profile)


def _name_asked_first(admin: KeycloakAdmin) -> None:
    steps = admin.get_authentication_flow_executions("zoneportal")
    step = next(step for step in steps if step["displayName"] == "zoneportal Organization")
    admin.update_authentication_flow_executions({**step, "requirement": "ALTERNATIVE"}, "zoneportal")


DRIFTS: dict[Drift, str] = {
    _mapper_changed: "mapper zoneportal/unit set",
    _mapper_removed: "mapper zoneportal/tenants set",
    _mapper_added: "mapper zoneportal/extra removed",
    _pkce_waived: "client zoneportal-portal set",
    _cli_redirects: "client zoneportal-cli set",
    _kafka_for_the_catalog: "client zoneportal-catalog: scope zoneportal-kafka taken",
    _more_roles_for_an_account: "account of zoneportal-notify: roles manage-users taken",
    _role_kept_out_of_tokens: "tokens of zoneportal-portal: roles security given",
    _longer_sessions: "realm zoneportal set",
    _name_asked_first: "login page set",
    _right_attribute_opened: "user profile set",
}


def test_drift_is_repaired(admin: KeycloakAdmin, provision: Provision) -> None:
    admin.update_realm(REALM, admin.get_realm(REALM))  # Keycloak writes out some defaults when a realm is saved first
    provision()
    before = state(admin)
    drifted = before
    for drift in DRIFTS:
        drift(admin)
        after = state(admin)
        assert after != drifted, drift
        drifted = after
    assert sorted(provision()) == sorted(DRIFTS.values())
    assert state(admin) == before


def test_what_an_operator_changed_in_a_demo_user_stays(admin: KeycloakAdmin, provision: Provision) -> None:
    user = admin.get_user(str(admin.get_user_id("security.demo")))
    changed = {**user, "firstName": "安全管理员乙", "attributes": {"unit": ["swt"]}}
    admin.update_user(user["id"], changed)
    try:
        assert provision() == []
        kept = admin.get_user(user["id"])
        assert (kept["firstName"], kept["attributes"]) == ("安全管理员乙", {"unit": ["swt"]})
    finally:
        admin.update_user(user["id"], {**user, "attributes": {}})


@pytest.mark.parametrize("tenants", [[], ["hefei", "wuhu"]])
def test_grants_of_an_integrator_are_not_set_back(
    admin: KeycloakAdmin, provision: Provision, tenants: list[str]
) -> None:
    account = admin.get_client_service_account_user(client(admin, "integrator-hefei")["id"])
    admin.update_user(account["id"], {**account, "attributes": {"tenants": tenants}})
    try:
        assert provision() == []
        assert admin.get_user(account["id"]).get("attributes", {}).get("tenants", []) == tenants
    finally:
        admin.update_user(account["id"], {**account, "attributes": {"tenants": ["hefei"]}})


def test_a_lost_demo_user_comes_back_whole(admin: KeycloakAdmin, provision: Provision) -> None:
    admin.delete_user(str(admin.get_user_id("security.demo")))
    assert provision() == ["person made", "person of system joined"]
    user = admin.get_user(str(admin.get_user_id("security.demo")))
    roles = {role["name"] for role in admin.get_realm_roles_of_user(user["id"])}
    assert roles == {"security", f"default-roles-{REALM}"}
    assert not user.get("requiredActions")


def test_a_lost_membership_comes_back(admin: KeycloakAdmin, provision: Provision) -> None:
    organization = next(one for one in admin.get_organizations() if one["alias"] == "hfhg")
    admin.organization_user_remove(str(admin.get_user_id("dept.hfhg")), organization["id"])
    assert provision() == ["person of hfhg joined"]


def test_organizations_hold_the_people_who_log_in_for_them(admin: KeycloakAdmin) -> None:
    organizations = {organization["alias"]: organization["id"] for organization in admin.get_organizations()}
    members = {
        alias: {member["username"] for member in admin.get_organization_members(organizations[alias])} & DEMO
        for alias in ("province", "hefei", "wuhu", "bengbu", "swt", "hfhg", "system")
    }
    assert members == {
        "province": {"province.admin"},
        "hefei": {"hefei.admin"},
        "wuhu": {"wuhu.admin"},
        "bengbu": {"bengbu.admin"},
        "swt": {"dept.swt", "swt.admin"},
        "hfhg": {"dept.hfhg"},
        "system": {"auditor.demo", "operator.demo", "security.demo"},
    }
