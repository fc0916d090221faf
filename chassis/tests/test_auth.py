"""Keycloak's keys: who cannot be verified now is asked to come again, not turned away."""

import asyncio
from socket import socket

from chassis.auth import Keys
from chassis.problems import Problem
from deploy.local.system import System


async def test_everybody_shall_try_again_while_keycloak_cannot_be_asked() -> None:
    with socket() as closed:
        closed.bind(("127.0.0.1", 0))
        keys = Keys(f"http://127.0.0.1:{closed.getsockname()[1]}/certs")
        found = await asyncio.gather(*(keys.get("good") for _ in range(5)), return_exceptions=True)
    assert [isinstance(each, Problem) and each.status for each in found] == [503] * 5


async def test_a_key_that_keycloak_does_not_have_is_none(system: System) -> None:
    keys = Keys(system.instance.jwks)
    assert [await keys.get("unknown") for _ in range(2)] == [None, None]
