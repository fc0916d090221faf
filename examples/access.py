"""An integrator's access tokens, by client credentials, and what both examples are told on the command line."""

import argparse
import os
import time

import httpx

SPARE_SECONDS = 60


class Access:
    """The tokens of one client. ``token`` asks for a new one only when the last is about to end."""

    def __init__(self, gateway: str, client: str, secret: str) -> None:
        self._url = f"{gateway}/auth/realms/zoneportal/protocol/openid-connect/token"
        self._form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        self._token, self._ends = "", 0.0

    def token(self) -> str:
        now = time.monotonic()
        if now > self._ends - SPARE_SECONDS:
            answer = httpx.post(self._url, data=self._form).raise_for_status().json()
            self._token, self._ends = str(answer["access_token"]), now + answer["expires_in"]
        return self._token


def arguments(description: str) -> argparse.ArgumentParser:
    """The secret comes from the environment, so that no list of processes shows it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--gateway", required=True, help="address of the portal, http://host:port")
    parser.add_argument("--client", required=True, help="client id; its secret is in the variable CLIENT_SECRET")
    parser.add_argument("file", help="the SQLite file of the table; delete it to build the table anew")
    return parser


def access(options: argparse.Namespace) -> Access:
    return Access(options.gateway, options.client, os.environ["CLIENT_SECRET"])
