"""The clients: who may ask for tokens, how, and what these may carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from realm.declaration import BASIC_SCOPES, CLAIMS_SCOPE, DEMANDS, KAFKA_SCOPE, PEOPLES_ROLES, ROLES, Representation
from realm.settings import RealmSettings

_SERVICE_SCOPES = ("basic", "service_account")


@dataclass(frozen=True)
class Permission:
    """A fine-grained right (Keycloak's ``admin-permissions``): ``of`` are names of roles or clients, else of all."""

    kind: str
    scopes: tuple[str, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Client:
    """``settings`` are Keycloak's. Its tokens carry no roles but these and those of its scopes.

    ``account_roles`` are those of its service account, if any; ``management_roles`` are those of Keycloak's own client
    ``realm-management``; ``attributes`` are given to a new service account.
    """

    name: str
    settings: Representation
    scopes: tuple[str, ...]
    roles: tuple[str, ...] = ()
    account_roles: tuple[str, ...] = ()
    management_roles: tuple[str, ...] = ()
    permissions: tuple[Permission, ...] = ()
    attributes: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def representation(self) -> Representation:
        """All of it that Keycloak keeps with the client itself; flows are off unless ``settings`` say otherwise."""
        return {
            "clientId": self.name,
            "enabled": True,
            "protocol": "openid-connect",
            "publicClient": False,
            "standardFlowEnabled": False,
            "implicitFlowEnabled": False,
            "directAccessGrantsEnabled": False,
            "serviceAccountsEnabled": False,
            "fullScopeAllowed": False,
            "redirectUris": [],
            "webOrigins": [],
            **self.settings,
        }

    @property
    def has_account(self) -> bool:
        return bool(self.representation["serviceAccountsEnabled"])


def clients(settings: RealmSettings) -> list[Client]:
    """The product's own clients."""
    return [
        _portal(settings.gateway_url, settings.portal_url, settings.portal_secret),
        service(
            "zoneportal-notify", settings.notify_secret, management_roles=("query-users", "view-realm", "view-users")
        ),
        service("zoneportal-catalog", settings.catalog_secret, management_roles=("manage-organizations",)),
        service(
            "zoneportal-grants",
            settings.grants_secret,
            management_roles=("manage-clients", "manage-users", "view-realm"),
        ),
        Client(DEMANDS, {"name": "第二因素"}, ()),
        service(
            "zoneportal-people",
            settings.people_secret,
            management_roles=("query-users", "query-organizations", "query-clients"),
            permissions=(
                Permission("Users", ("view", "manage", "map-roles")),
                Permission("Organizations", ("view", "manage")),
                Permission("Roles", ("map-role",), PEOPLES_ROLES),
                Permission("Clients", ("view", "manage", "map-roles-composite"), (DEMANDS,)),
            ),
        ),
    ]


def _portal(gateway_url: str, portal_url: str, secret: str) -> Client:
    settings = {
        "name": "推进平台",
        "secret": secret,
        "standardFlowEnabled": True,
        "rootUrl": gateway_url,
        "baseUrl": "/",
        "redirectUris": [f"{gateway_url}/login/callback"],
        "frontchannelLogout": False,
        "attributes": {
            "backchannel.logout.url": f"{portal_url}/login/ended",
            "backchannel.logout.session.required": "true",
            "pkce.code.challenge.method": "S256",
            "post.logout.redirect.uris": f"{gateway_url}/*",
        },
    }
    return Client("zoneportal-portal", settings, (*BASIC_SCOPES, CLAIMS_SCOPE), tuple(ROLES))


def service(
    name: str, secret: str, *, management_roles: tuple[str, ...], permissions: tuple[Permission, ...] = ()
) -> Client:
    """A service of ours that asks Keycloak itself; the scope ``roles`` carries its rights there."""
    settings = {"secret": secret, "serviceAccountsEnabled": True}
    scopes = (*_SERVICE_SCOPES, "roles")
    return Client(name, settings, scopes, management_roles=management_roles, permissions=permissions)


def integrator(name: str, secret: str, tenants: list[str]) -> Client:
    """Another government's system: reads the APIs, and Kafka by its service account's name. Notify makes such too."""
    settings = {"secret": secret, "serviceAccountsEnabled": True}
    scopes = (*_SERVICE_SCOPES, "profile", CLAIMS_SCOPE, KAFKA_SCOPE)
    return Client(name, settings, scopes, account_roles=("integrator",), attributes={"tenants": tenants})


def command_line() -> Client:
    """Tokens for a name and a password, for tests and tools; no realm but a demo's may have it."""
    settings = {"publicClient": True, "directAccessGrantsEnabled": True}
    return Client("zoneportal-cli", settings, (*BASIC_SCOPES, CLAIMS_SCOPE), tuple(ROLES))
