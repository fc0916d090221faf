"""Tokens that are not good, as they are come by."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK
from jwt.algorithms import RSAAlgorithm

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
        "changed claims": f"{head}.{_part(_opened(claims) | {'roles': ['security'], 'tenant': 'wuhu'})}.{signature}",
        **_signed_by_others(system, _opened(head), _opened(claims)),
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


def _signed_by_others(system: System, head: dict[str, Any], claims: dict[str, Any]) -> dict[str, str]:
    """By a key that is public, by a key of one's own under the name of Keycloak's, and with that key in the token."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with system.client() as client:
        known = client.get(f"{system.endpoints['issuer']}/protocol/openid-connect/certs").json()["keys"]
    public = PyJWK(next(each for each in known if each["kid"] == head["kid"])).key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = f"{_part(head | {'alg': 'HS256'})}.{_part(claims)}"
    code = hmac.new(pem, signed.encode(), "sha256").digest()
    brought = {
        "kid": head["kid"],
        "jwk": RSAAlgorithm.to_jwk(key.public_key(), as_dict=True),
        "jku": "http://127.0.0.1:9/",
    }
    return {
        "signed with the public key": f"{signed}.{_text(code)}",
        "signed by another key": jwt.encode(claims, key, "RS256", headers={"kid": head["kid"]}),
        "with its own key": jwt.encode(claims, key, "RS256", headers=brought),
    }


def _opened(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "==")))


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
