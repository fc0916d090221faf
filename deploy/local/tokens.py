"""Access tokens of the demo users and integrators."""

import httpx

from deploy.local.credentials import DEMO_INTEGRATORS
from deploy.local.instance import Instance


def token_of(instance: Instance, name: str) -> str:
    """A token of a demo user or integrator; SystemExit when it is refused."""
    if name in DEMO_INTEGRATORS:
        return integrator_token(instance.gateway, name, instance.secrets[f"{name}_client"])
    return access_token(instance.gateway, name, instance.secrets["demo"])


def access_token(gateway: str, user: str, password: str) -> str:
    """A token of a demo user, by the direct grant that only the local realm has; SystemExit when it is refused."""
    return _ask(gateway, user, form(user, password))


def form(user: str, password: str) -> dict[str, str]:
    """By which a demo user asks for a token."""
    asked = {"grant_type": "password", "client_id": "zoneportal-cli", "scope": "openid"}
    return asked | {"username": user, "password": password}


def integrator_token(gateway: str, client: str, secret: str) -> str:
    """A token of an integrator, for the APIs and for Kafka; SystemExit when it is refused."""
    return _ask(gateway, client, {"grant_type": "client_credentials", "client_id": client, "client_secret": secret})


def _ask(gateway: str, name: str, form: dict[str, str]) -> str:
    url = f"{gateway}/auth/realms/zoneportal/protocol/openid-connect/token"
    try:
        answer = httpx.post(url, data=form, trust_env=False, timeout=20)
    except httpx.TransportError as error:
        raise SystemExit(f"the gateway does not answer: {error}") from None
    if answer.status_code != 200:
        raise SystemExit(f"no token for {name}: {answer.text}")
    return str(answer.json()["access_token"])
