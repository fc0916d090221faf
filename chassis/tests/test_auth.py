"""A token that was good is good no longer than it may be; who cannot be verified now is asked to come again."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import socket

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import Request

from chassis.auth import Authenticator, Caller, Keys
from chassis.problems import Problem
from chassis.settings import Settings
from deploy.local.system import System


class Issuer:
    """Signs tokens with the newest of its keys, and serves that alone."""

    def __init__(self) -> None:
        self._number = 0
        self.change_key()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:  # noqa: N805 - `self` is the issuer
                handler.send_response(200)
                handler.end_headers()
                handler.wfile.write(self._served())

            def log_message(self, format: str, *args: object) -> None:
                """Keeps the test's output quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def change_key(self) -> None:
        self._number += 1
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def _served(self) -> bytes:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return json.dumps({"keys": [public | {"kid": str(self._number), "alg": "RS256"}]}).encode()

    def token(self, sub: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "zoneportal-api", "sub": sub, "iat": now - 60, "exp": now + 300}
        return jwt.encode(claims, self._key, "RS256", {"kid": str(self._number)})


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    made = Issuer()
    monkeypatch.setattr(Keys, "PAUSE", 0.0)
    yield made
    made.server.shutdown()


@pytest.fixture
def authenticator(issuer: Issuer) -> Authenticator:
    return Authenticator(Settings(port=1, database_url="", issuer=issuer.url, jwks_url=issuer.url))


async def _asked(authenticator: Authenticator, token: str) -> Caller:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return await authenticator.caller(Request({"type": "http", "headers": headers, "client": None}))


async def test_a_token_is_the_same_caller_each_time(issuer: Issuer, authenticator: Authenticator) -> None:
    tokens = {sub: issuer.token(sub) for sub in ("one", "other")}
    for sub, token in [*tokens.items()] * 2:
        assert (await _asked(authenticator, token)).sub == sub


async def test_a_known_token_ends_with_its_time(
    issuer: Issuer, authenticator: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.token("one")
    assert (await _asked(authenticator, token)).sub == "one"
    ended = jwt.decode(token, options={"verify_signature": False})["exp"] + Authenticator.LEEWAY
    monkeypatch.setattr(time, "time", lambda: ended - 0.01)
    assert (await _asked(authenticator, token)).sub == "one"
    monkeypatch.setattr(time, "time", lambda: ended)
    with pytest.raises(Problem) as refused:
        await _asked(authenticator, token)
    assert refused.value.status == 401
    assert "过期" in refused.value.detail


async def test_a_known_token_ends_with_its_key(issuer: Issuer, authenticator: Authenticator) -> None:
    former = issuer.token("one")
    assert (await _asked(authenticator, former)).sub == "one"
    issuer.change_key()
    assert (await _asked(authenticator, issuer.token("one"))).sub == "one"
    with pytest.raises(Problem) as refused:
        await _asked(authenticator, former)
    assert refused.value.status == 401


async def test_no_more_tokens_are_kept_than_may_be(
    issuer: Issuer, authenticator: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Authenticator, "KEPT", 2)
    for sub in ("one", "two", "three", "four"):
        assert (await _asked(authenticator, issuer.token(sub))).sub == sub
    assert len(authenticator._good) == 2


async def test_everybody_shall_try_again_while_keycloak_cannot_be_asked() -> None:
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        keys = Keys(f"http://127.0.0.1:{closed.getsockname()[1]}/certs")
        found = await asyncio.gather(*(keys.get("good") for _ in range(5)), return_exceptions=True)
    assert [isinstance(each, Problem) and each.status for each in found] == [503] * 5


async def test_a_key_that_keycloak_does_not_have_is_none(system: System) -> None:
    keys = Keys(system.instance.jwks)
    assert [await keys.get("unknown") for _ in range(2)] == [None, None]
