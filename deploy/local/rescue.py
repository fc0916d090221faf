"""``make keycloak-admin``: Keycloak's administrator has the password of ``secrets.json`` again, whatever was."""

import os
import secrets
import subprocess

from keycloak import KeycloakAdmin

from deploy.local import keycloak
from deploy.local.instance import Instance

_MASTER = "master"


def bring_back(instance: Instance) -> int:
    """By a helper that Keycloak's own program makes in its database, and that goes again; the exit code."""
    helper, password = f"rescue-{secrets.token_hex(4)}", secrets.token_urlsafe(18)
    command = keycloak.bootstrap(instance, helper, password)
    made = subprocess.run(
        command.argv, cwd=command.cwd, env={**os.environ, **command.env}, capture_output=True, text=True, check=False
    )
    if made.returncode:
        print(made.stdout + made.stderr)
        return 1
    admin = KeycloakAdmin(server_url=f"{instance.keycloak}/", username=helper, password=password, realm_name=_MASTER)
    _restore(admin, keycloak.ADMIN, instance.secrets["keycloak_admin"])
    admin.delete_user(str(admin.get_user_id(helper)))
    print(f"{keycloak.ADMIN} of the realm {_MASTER} has the password keycloak_admin of secrets.json")
    return 0


def _restore(admin: KeycloakAdmin, name: str, password: str) -> None:
    known = admin.get_user_id(name)
    id_ = str(known or admin.create_user({"username": name}))
    admin.update_user(id_, {"enabled": True, "requiredActions": []})
    admin.set_user_password(id_, password, temporary=False)
    admin.assign_realm_roles(id_, [admin.get_realm_role("admin")])
