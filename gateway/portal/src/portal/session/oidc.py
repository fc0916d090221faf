"""Keycloak as OpenID provider: authorization code flow with PKCE, renewal, logout."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from chassis import telemetry
from chassis.auth import Keys
from chassis.connecting import Transport
from chassis.problems import Problem
from portal.session.rules import Login, Tokens, WebSession
from portal.settings import PortalSettings

_SECONDS = 8.0
ALGORITHMS = ["RS256", "ES256"]
ENDED = "http://schemas.openid.net/event/backchannel-logout"
"""What a token tells that Keycloak sends when one of its sessions has ended (OpenID Connect Back-Channel Logout)."""
UNKNOWN_CLIENT = ("invalid_client", "unauthorized_client")
"""What Keycloak says of a wrong secret, before it looks at anything else."""


class Refused(Exception):
    """Keycloak does not accept what it was given: a code, a refresh token; or its answer does not hold."""


@dataclass
class Unavailable(Exception):
    """Keycloak does not answer, for that ``session`` if it is asked for one."""

    session: WebSession | None = None


class Oidc:
    """The browser goes to ``issuer``; the portal itself asks Keycloak directly."""

    def __init__(self, settings: PortalSettings) -> None:
        self._settings = settings
        self._public = f"{settings.issuer}/protocol/openid-connect"
        realm = settings.issuer.rpartition("/")[2]
        self._direct = f"{settings.keycloak_url}/realms/{realm}/protocol/openid-connect"
        self._keys = Keys(settings.jwks_url)
        self._verify = httpx.create_ssl_context()

    def login_url(self, login: Login, state: str, language: str) -> str:
        url, _ = self._client().create_authorization_url(
            f"{self._public}/auth",
            state=state,
            nonce=login.nonce,
            code_verifier=login.verifier,
            ui_locales="en" if language == "en" else "zh-CN",
        )
        return str(url)

    def logout_url(self, id_token: str) -> str:
        """Where Keycloak ends its own session and sends the browser back to the front page."""
        query = {"id_token_hint": id_token, "post_logout_redirect_uri": f"{self._settings.gateway_url}/"}
        return f"{self._public}/logout?{urlencode(query)}"

    async def exchange(self, code: str, login: Login) -> Tokens:
        """The tokens for a code. Raises Refused or Unavailable."""
        answer = await self._ask("fetch_token", code=code, code_verifier=login.verifier)
        claims = await self._claims(answer.get("id_token", ""), "nonce", "sid")
        if claims.get("nonce") != login.nonce:
            raise Refused("the ID token answers another login")
        return _tokens(answer)

    async def renew(self, tokens: Tokens) -> Tokens:
        """New tokens for the old ones. Raises Refused when Keycloak's session has ended, or Unavailable."""
        answer = await self._ask("refresh_token", refresh_token=tokens.refresh)
        return _tokens({"id_token": tokens.id, "refresh_token": tokens.refresh} | answer)

    async def _ask(self, method: str, **given: str) -> dict[str, Any]:
        try:
            return await self._ask_as(self._settings.oidc_client_secret, method, **given)
        except OAuthError as error:
            if error.error not in UNKNOWN_CLIENT or not self._settings.oidc_client_secret_next:
                raise Refused(error.error) from error
        try:
            return await self._ask_as(self._settings.oidc_client_secret_next, method, **given)
        except OAuthError as error:
            raise Refused(error.error) from error

    async def _ask_as(self, secret: str, method: str, **given: str) -> dict[str, Any]:
        async with self._client(secret) as client:
            try:
                return dict(await getattr(client, method)(f"{self._direct}/token", **given))
            except (httpx.HTTPError, ValueError) as error:
                telemetry.log.warning("keycloak does not answer: %s", type(error).__name__)
                raise Unavailable from error

    def _client(self, secret: str = "") -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self._settings.oidc_client_id,
            client_secret=secret,
            scope="openid",
            redirect_uri=f"{self._settings.gateway_url}/login/callback",
            code_challenge_method="S256",
            transport=Transport(verify=self._verify, trust_env=False),
            timeout=_SECONDS,
        )

    async def ended(self, logout_token: str) -> str:
        """Which session of its own Keycloak says has ended. Raises Refused or Unavailable."""
        claims = await self._claims(logout_token, "events", "sid")
        if ENDED not in claims["events"] or "nonce" in claims:
            raise Refused("the token tells of no end")
        return str(claims["sid"])

    async def _claims(self, token: str, *required: str) -> dict[str, Any]:
        """Of a token that Keycloak signed for this client. Raises Refused or Unavailable."""
        try:
            key = await self._keys.get(jwt.get_unverified_header(token).get("kid", ""))
            if key is None:
                raise Refused("the token is signed by an unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._settings.oidc_client_id,
                issuer=self._settings.issuer,
                leeway=5,
                options={"require": ["exp", "iat", "iss", "aud", "sub", *required]},
            )
        except jwt.PyJWTError as error:
            raise Refused(type(error).__name__) from error
        except Problem as error:
            raise Unavailable from error
        return claims


def _tokens(answer: dict[str, Any]) -> Tokens:
    until = datetime.fromtimestamp(int(answer["expires_at"]), UTC)
    return Tokens(answer["access_token"], until, answer["refresh_token"], answer["id_token"])
