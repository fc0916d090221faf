"""People that a test made, in Keycloak."""

from functools import cache

from keycloak import KeycloakAdmin

from deploy.local.keycloak import realm_env
from deploy.local.system import System
from realm.provision import connect


@cache
def keycloak(system: System) -> KeycloakAdmin:
    """Keycloak as its administrator asks it."""
    env = realm_env(system.instance)
    return connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])


def forget(system: System, username: str) -> None:
    """So that the next test counts without it."""
    admin = keycloak(system)
    if (id_ := admin.get_user_id(username)) is not None:
        admin.delete_user(id_)
