"""The login: name and password on one page, then a second factor of who has one, or of whose roles demand it."""

from collections.abc import Iterator

from keycloak import KeycloakAdmin

from realm.declaration import DEMANDED, DEMANDS, PEOPLES_ROLES, REALM, Representation

_FLOW = "zoneportal"
_FORMS, _ASKED, _DEMANDED = (f"{_FLOW} {name}" for name in ("forms", "Browser - Conditional 2FA", "2FA demanded"))
_STEPS: dict[str, dict[str, str]] = {
    "conditional-user-role": {"condUserRole": f"{DEMANDS}.{DEMANDED}", "negate": "false"},
    "conditional-sub-flow-executed": {"flow_to_check": _ASKED, "check_result": "not-executed"},
    "auth-otp-form": {},
}
"""Of who has the demand and was asked for no second factor: Keycloak has one-time codes set up at once."""


def provision(admin: KeycloakAdmin) -> Iterator[str]:
    """Keycloak's own flow cannot be added to; ours is a copy of it."""
    if all(flow["alias"] != _FLOW for flow in admin.get_authentication_flows()):
        admin.copy_authentication_flow({"newName": _FLOW}, "browser")
        yield "login flow made"
    yield from _demanded_steps(admin)
    yield from _requirements(admin)
    if admin.get_realm(REALM)["browserFlow"] != _FLOW:
        admin.update_realm(REALM, {"browserFlow": _FLOW})
        yield "login flow taken"


def demands(admin: KeycloakAdmin) -> Iterator[str]:
    """Each role of people brings a role of its name of the client of demands; which of these bring the demand, is
    what the security administrator sets.
    """
    client = str(admin.get_client_id(DEMANDS))
    known = {role["name"] for role in admin.get_client_roles(client)}
    for name in (DEMANDED, *PEOPLES_ROLES):
        if name not in known:
            admin.create_client_role(client, {"name": name})
            yield f"role {DEMANDS}.{name} made"
    for name in PEOPLES_ROLES:
        brought = admin.get_role_client_level_children(client, admin.get_realm_role(name)["id"])
        if name not in {role["name"] for role in brought}:
            admin.add_composite_realm_roles_to_role(name, [admin.get_client_role(client, name)])
            yield f"role {name} brings {DEMANDS}.{name}"


def _demanded_steps(admin: KeycloakAdmin) -> Iterator[str]:
    if all(step["displayName"] != _DEMANDED for step in admin.get_authentication_flow_executions(_FLOW)):
        subflow = {"alias": _DEMANDED, "type": "basic-flow", "provider": "registration-page-form", "description": ""}
        admin.create_authentication_flow_subflow(subflow, _FORMS)
    for provider, config in _STEPS.items():
        step = _step(admin, provider)
        if step is None:
            admin.create_authentication_flow_execution({"provider": provider}, _DEMANDED)
            step = _step(admin, provider) or {}
            yield f"login step {provider} made"
        if config and "authenticationConfig" not in step:
            admin.create_execution_config(step["id"], {"alias": f"{_DEMANDED} {provider}", "config": config})
            yield f"login step {provider} set"


def _step(admin: KeycloakAdmin, provider: str) -> Representation | None:
    steps: list[Representation] = admin.get_authentication_flow_executions(_DEMANDED)
    return next((step for step in steps if step["providerId"] == provider), None)


def _requirements(admin: KeycloakAdmin) -> Iterator[str]:
    """Who must do what; Keycloak asks for the name first where organizations are on, unless that is off."""
    wanted = {f"{_FLOW} Organization": "DISABLED", _DEMANDED: "CONDITIONAL", "WebAuthn Authenticator": "ALTERNATIVE"}
    for flow, wants in ((_FLOW, wanted), (_DEMANDED, {})):
        for step in admin.get_authentication_flow_executions(flow):
            want = wants.get(step["displayName"], step["requirement"] if flow == _FLOW else "REQUIRED")
            if step["requirement"] != want:
                admin.update_authentication_flow_executions({**step, "requirement": want}, flow)
                yield "login page set"
