"""Who is calling: the access token of Keycloak, verified, as a ``Caller``."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any

import httpx
import jwt
from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPBearer

from chassis import clock, deputies, telemetry
from chassis.connecting import Transport
from chassis.deputies import Deputyship, NotDeputy, Present
from chassis.problems import Forbidden, Problem
from chassis.settings import Settings

SERVICE_ACCOUNT = "service-account-"
"""What Keycloak puts before a client's id to name its service account."""


class Role(StrEnum):
    """Realm roles (design: who may see and do what)."""

    PROVINCE = "province"
    CITY = "city"
    DEPARTMENT = "department"
    INTEGRATOR = "integrator"
    OPERATOR = "operator"
    SECURITY = "security"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Caller:
    """A verified user or client. ``scope`` is what row-level security sees of it.

    Who acts for somebody who is away has that person's ``roles``, and both names in ``name``; ``sub`` stays its own.
    """

    sub: str
    name: str
    username: str
    roles: frozenset[Role]
    tenant: str | None
    unit: str | None
    tenants: frozenset[str]
    address: str
    expires: int
    acting_for: str | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def scope(self) -> str:
        """``all``, ``audit``, ``tenant``, ``unit``, ``integrator`` or ``none``; a caller has exactly one."""
        if self.has(Role.PROVINCE):
            return "all"
        if self.has(Role.AUDITOR):
            return "audit"
        if self.has(Role.CITY):
            return "tenant" if self.tenant else "none"
        if self.has(Role.DEPARTMENT):
            return "unit" if self.unit else "none"
        return "integrator" if self.has(Role.INTEGRATOR) else "none"

    @property
    def office(self) -> str | None:
        """``province``, ``zone:<code>`` or ``unit:<code>``; None for people who work in none of them."""
        own = {"all": "province", "tenant": f"zone:{self.tenant}", "unit": f"unit:{self.unit}"}
        return own.get(self.scope)

    def acting(self, deputyship: Deputyship) -> "Caller":
        """The same person as the deputy of another."""
        roles = frozenset(map(Role, deputyship.roles))
        return replace(self, name=f"{self.name}（代{deputyship.name}）", roles=roles, acting_for=deputyship.absent)

    @property
    def client(self) -> str | None:
        """The client that calls for itself, by its service account; None for a person."""
        name = self.username.removeprefix(SERVICE_ACCOUNT)
        return name if name != self.username else None


@dataclass(frozen=True)
class Public(Caller):
    """Whoever reads what is open to everybody, known or not; row-level security sees ``public``."""

    @property
    def scope(self) -> str:
        return "public"


PUBLIC = Public("public", "", "", frozenset(), None, None, frozenset(), "", 0)


class Keys:
    """Keycloak's signing keys, fetched when an unknown one is met, at most every five seconds."""

    PAUSE = 5.0

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._next_fetch = 0.0
        self._away = False
        self._lock = asyncio.Lock()
        self._http = httpx.AsyncClient(transport=Transport(trust_env=False), timeout=3)

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """None for a key that Keycloak does not have; 503 as long as it could not be asked."""
        if kid not in self._keys:
            async with self._lock:
                if kid not in self._keys and time.monotonic() >= self._next_fetch:
                    await self._fetch()
                if kid not in self._keys and self._away:
                    detail = "身份服务暂时不可用，请稍后重试。"
                    raise Problem(503, "keys-unavailable", detail, headers={"Retry-After": "1"})
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        try:
            answer = (await self._http.get(self._url)).raise_for_status()
        except httpx.HTTPError:
            self._away, self._next_fetch = True, time.monotonic() + 0.5
        else:
            self._away, self._next_fetch = False, time.monotonic() + self.PAUSE
            self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.key_id}


class Authenticator:
    """Verifies bearer tokens: signature, issuer, audience, time.

    A token that was good is not taken apart again: of it only the time is looked at, and whether its key still is one
    of Keycloak's.
    """

    KEPT = 2_000
    LEEWAY = 5

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._keys = Keys(settings.jwks_url)
        self._good: dict[str, tuple[jwt.PyJWK, dict[str, Any]]] = {}
        self._present = Present(settings.jwks_url)

    async def caller(self, request: Request) -> Caller:
        """The caller of a request; 401 without a valid token. Verified once a request."""
        known: Caller | None = getattr(request.state, "caller", None)
        if known is None:
            known = await self._verify(request)
            request.state.caller = known
            telemetry.identify(sub=known.sub, tenant=known.tenant or known.unit or "")
        return known

    async def _verify(self, request: Request) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorized()
        try:
            claims = await self._claims(token)
        except jwt.PyJWTError as error:
            telemetry.log.warning("token refused: %s: %s", type(error).__name__, error)
            raise _unauthorized(_WRONG.get(type(error), "")) from error
        caller = caller_of(claims, address_of(request))
        absent = request.headers.get(deputies.HEADER)
        return caller if absent is None else await self._acting(caller, absent, token)

    async def _claims(self, token: str) -> dict[str, Any]:
        """Those of a good token; those of the tokens that were not seen for longest are forgotten."""
        key, claims = self._good.pop(token, (None, {}))
        if key is None or await self._keys.get(key.key_id or "") is not key:
            key, claims = await self._decoded(token)
        elif int(claims["exp"]) <= time.time() - self.LEEWAY:
            raise jwt.ExpiredSignatureError
        self._good[token] = key, claims
        if len(self._good) > self.KEPT:
            del self._good[next(iter(self._good))]
        return claims

    async def _decoded(self, token: str) -> tuple[jwt.PyJWK, dict[str, Any]]:
        key = await self._keys.get(jwt.get_unverified_header(token).get("kid", ""))
        if key is None:
            raise _unauthorized()
        return key, jwt.decode(
            token,
            key,
            algorithms=["RS256", "ES256"],
            audience=self._settings.audience,
            issuer=self._settings.issuer,
            leeway=self.LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )

    async def _acting(self, caller: Caller, absent: str, token: str) -> Caller:
        """The caller in the name of ``absent``; NotDeputy when it is no deputy of that person now."""
        given = deputies.running(await self._present.deputyships(token), caller.office, clock.today())
        found = next((each for each in given if each.absent == absent), None)
        if found is None:
            raise NotDeputy
        return caller.acting(found)


_WRONG: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "令牌已过期。",
    jwt.InvalidSignatureError: "令牌的签名无效。",
    jwt.InvalidAudienceError: "令牌不是为本接口签发的。",
    jwt.InvalidIssuerError: "令牌不是由本平台签发的。",
}


def _unauthorized(why: str = "") -> Problem:
    return Problem(401, "unauthorized", why + "请先登录，或重新登录。", headers={"WWW-Authenticate": "Bearer"})


def _text(claims: dict[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None


def _texts(claims: dict[str, Any], name: str) -> frozenset[str]:
    value = claims.get(name)
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()


def caller_of(claims: dict[str, Any], address: str) -> Caller:
    """The caller that verified claims describe, who asks from there."""
    return Caller(
        sub=str(claims["sub"]),
        name=_text(claims, "name") or _text(claims, "preferred_username") or "",
        username=_text(claims, "preferred_username") or "",
        roles=frozenset(Role(name) for name in _texts(claims, "roles") if name in Role.__members__.values()),
        tenant=_text(claims, "tenant"),
        unit=_text(claims, "unit"),
        tenants=_texts(claims, "tenants"),
        address=address,
        expires=int(claims["exp"]),
    )


def address_of(request: Request) -> str:
    """The way that the request came, nearest last; what stands before the last address is what others said."""
    direct = request.client.host if request.client else ""
    return request.headers.get("x-forwarded-for", direct)[-200:]


class _Bearer(HTTPBearer):
    async def __call__(self, request: Request) -> Caller:  # type: ignore[override]
        authenticator: Authenticator = request.app.state.authenticator
        return await authenticator.caller(request)


_TOKEN = "Access token of the realm zoneportal"  # noqa: S105 - what it is
CallerDep = Annotated[Caller, Depends(_Bearer(scheme_name="HTTPBearer", description=_TOKEN))]


_GUARDS: dict[Any, frozenset[Role]] = {}


def guard(check: Callable[..., Awaitable[None]], *roles: Role) -> Any:
    """The dependency of a check that turns away all who have none of these roles, so that descriptions can say so."""
    _GUARDS[check] = frozenset(roles)
    return Depends(check)


def allow(*roles: Role) -> Any:
    """A dependency that answers 403 to callers with none of these roles."""

    async def check(caller: CallerDep) -> None:
        if not caller.has(*roles):
            raise Forbidden()

    return guard(check, *roles)


def admitted(route: Dependant) -> frozenset[Role] | None:
    """The roles that all guards of a route let through, of which a caller needs one; None without guards."""
    found = [_GUARDS[route.call]] if route.call in _GUARDS else []
    found += [roles for each in route.dependencies if (roles := admitted(each)) is not None]
    return frozenset.intersection(*found) if found else None
