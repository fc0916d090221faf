"""Tokens that are not good, as they are come by."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from deploy.local.keycloak import realm_env
from deploy.local.system import System
from deploy.local.tokens import integrator_token
from realm.clients import command_line
from realm.provision import connect
from realm.registration import register
from tests.support import PROGRESS, until

SHORT_LIVED = replace(
    command_line(),
    name="tests-short-lived",
    settings=command_line().settings | {"attributes": {"access.token.lifespan": "1"}},
)


@contextmanager
def bad_tokens(system: System) -> Iterator[Mapping[str, str]]:
    """By what is wrong with them."""
    env = realm_env(system.instance)
    admin = connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])
    assert list(register(admin, [SHORT_LIVED]))
    head, claims, signature = system.token("province.admin").split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    signed, _, sign = system.token("integrator-hefei").rpartition(".")
    yield {
        "no token": "",
        "forged signature": f"{signed}.{'A' if sign[0] != 'A' else 'B'}{sign[1:]}",
        "broken signature": f"{head}.{claims}.{signature[:-9]}{signature[-9:][::-1]}",
        "no signature": f"{unsigned}.{claims}.",
        "another audience": integrator_token(
            system.endpoints["gateway"], "zoneportal-notify", system.instance.secrets["notify_client"]
        ),
        "another realm": str((admin.connection.token or {})["access_token"]),
        "expired": _expired(system),
    }
    admin.delete_client(str(admin.get_client_id(SHORT_LIVED.name)))


def _expired(system: System) -> str:
    """A token of the province that was good for a second."""
    form = {"grant_type": "password", "client_id": SHORT_LIVED.name, "username": "province.admin"}
    with system.client() as client:
        url = f"{system.endpoints['issuer']}/protocol/openid-connect/token"
        answer = client.post(url, data=form | {"password": system.password}).raise_for_status().json()
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        assert client.get(f"{PROGRESS}/overview", headers=headers).status_code == 200
        until(lambda: client.get(f"{PROGRESS}/overview", headers=headers).status_code == 401)
    return str(answer["access_token"])
