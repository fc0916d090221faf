"""What the realm shall be, as data in Keycloak's own words: settings, roles, user profile, client scopes."""

from typing import Any

from realm.settings import RealmSettings

Representation = dict[str, Any]

REALM = "zoneportal"
ROLES = {
    "province": "省自贸办",
    "city": "片区管理机构",
    "department": "责任单位",
    "integrator": "对接系统",
    "operator": "运维管理员",
    "security": "安全管理员",
    "auditor": "审计管理员",
    "admin": "本单位用户管理员",
}
PEOPLES_ROLES = tuple(role for role in ROLES if role != "integrator")
DEMANDS, DEMANDED = "zoneportal-second-factor", "demanded"
"""A client that has roles alone: of whom a second factor is demanded."""
OFFICES = {"province": "省自贸办", "system": "系统管理"}
"""Organizations that are there from the beginning; those of zones and units come from the catalog."""
BASIC_SCOPES = ("basic", "acr", "profile", "email")
CLAIMS_SCOPE = "zoneportal"
KAFKA_SCOPE = "zoneportal-kafka"

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_EVENTS_KEPT = 180 * _DAY
_PASSWORDS = ("length(12)", "notUsername(undefined)", "notEmail(undefined)", "forceExpiredPasswordChange(180)")
"""Long, and nothing that others know: of which characters is everybody's own; changed each half year (等保三级)."""


def realm(settings: RealmSettings) -> Representation:
    """The realm's own settings; it sends mail if it is told by which server."""
    mail = {"smtpServer": _mail(settings)} if settings.smtp_host else {}
    return {
        "realm": REALM,
        "enabled": True,
        "displayName": "中国（安徽）自由贸易试验区 推进平台",
        "organizationsEnabled": True,
        "sslRequired": "none" if settings.gateway_url.startswith("http://") else "external",
        "internationalizationEnabled": True,
        "supportedLocales": ["zh-CN", "en"],
        "defaultLocale": "zh-CN",
        "accessTokenLifespan": 5 * _MINUTE,
        "ssoSessionIdleTimeout": 2 * _HOUR,
        "ssoSessionMaxLifespan": 10 * _HOUR,
        "passwordPolicy": " and ".join(_PASSWORDS),
        **_brute_force_protection(),
        **mail,
        "adminPermissionsEnabled": True,
        "eventsEnabled": True,
        "eventsListeners": [],  # they stand in the database; the log would have the names of those who mistype
        "eventsExpiration": _EVENTS_KEPT,
        "adminEventsEnabled": True,
        "adminEventsDetailsEnabled": True,
        "attributes": {"adminEventsExpiration": str(_EVENTS_KEPT)},
    }


def _mail(settings: RealmSettings) -> Representation:
    return {
        "host": settings.smtp_host,
        "port": str(settings.smtp_port),
        "from": settings.mail_from,
        "fromDisplayName": "自贸试验区推进平台",
        "auth": "false",
        "ssl": "false",
        "starttls": "false",
    }


def _brute_force_protection() -> Representation:
    """Twenty failures lock an account for a minute, more for longer; two quick slips alone are no attack."""
    return {
        "bruteForceProtected": True,
        "permanentLockout": False,
        "failureFactor": 20,
        "waitIncrementSeconds": _MINUTE,
        "maxFailureWaitSeconds": 15 * _MINUTE,
        "quickLoginCheckMilliSeconds": 0,
    }


def organization(alias: str, name: str, domain: str) -> Representation:
    """``domain`` is ``zone``, ``unit`` or ``office``, as in the catalog's organizations."""
    return {
        "alias": alias,
        "name": name,
        "enabled": True,
        "domains": [{"name": f"{alias}.{domain}.zoneportal.internal", "verified": False}],
    }


PROFILE_CHANGES: dict[str, Representation] = {
    name: {"required": None, "permissions": {"view": ["admin", "user"], "edit": ["admin"]}}
    for name in ("firstName", "lastName")
}


def _right_attribute(name: str, title: str, *, multivalued: bool = False) -> Representation:
    """A user attribute that says what somebody may see: administrators alone set it."""
    return {
        "name": name,
        "displayName": title,
        "multivalued": multivalued,
        "permissions": {"view": ["admin", "user"], "edit": ["admin"]},
        "validations": {
            "pattern": {"pattern": "^[a-z][a-z0-9-]{0,30}$", "error-message": "代码由小写字母、数字和连字符组成"}
        },
    }


def _deputyships() -> Representation:
    """For whom somebody works as a deputy, until when: as ``chassis.deputies`` writes it."""
    id_, day = "[0-9a-f-]{36}", "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    known = f"^{id_} {id_} [a-z0-9:-]{{1,40}} [a-z,]{{1,40}} {day} {day} .{{1,60}}$"
    attribute = _right_attribute("deputy_for", "代理", multivalued=True)
    return attribute | {"validations": {"pattern": {"pattern": known, "error-message": "不是代理关系"}}}


PROFILE_ATTRIBUTES = (
    _right_attribute("tenant", "片区代码"),
    _right_attribute("unit", "单位代码"),
    _right_attribute("tenants", "授权片区代码", multivalued=True),
    _deputyships(),
)


def _mapper(name: str, kind: str, config: dict[str, str], *, about_user: bool) -> Representation:
    """Fills the access token; what is ``about_user`` is in the id token and user info too."""
    everywhere = str(about_user).lower()
    tokens = {
        "access.token.claim": "true",
        "introspection.token.claim": "true",
        "id.token.claim": everywhere,
        "userinfo.token.claim": everywhere,
    }
    return {
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "consentRequired": False,
        "config": {**tokens, **config},
    }


def _attribute_claim(name: str, *, multivalued: bool = False) -> Representation:
    config = {"user.attribute": name, "multivalued": str(multivalued).lower()}
    return _mapper(name, "oidc-usermodel-attribute-mapper", _text_claim(name) | config, about_user=True)


def _roles_claim() -> Representation:
    config = _text_claim("roles") | {"multivalued": "true"}
    return _mapper("roles", "oidc-usermodel-realm-role-mapper", config, about_user=True)


def _username_claim(name: str) -> Representation:
    config = _text_claim(name) | {"user.attribute": "username"}
    return _mapper(name, "oidc-usermodel-property-mapper", config, about_user=False)


def _text_claim(name: str) -> dict[str, str]:
    return {"claim.name": name, "jsonType.label": "String"}


def _audience(name: str) -> Representation:
    return _mapper("audience", "oidc-audience-mapper", {"included.custom.audience": name}, about_user=False)


CLIENT_SCOPES: dict[str, list[Representation]] = {
    CLAIMS_SCOPE: [
        _attribute_claim("tenant"),
        _attribute_claim("unit"),
        _attribute_claim("tenants", multivalued=True),
        _attribute_claim("deputy_for", multivalued=True),
        _roles_claim(),
        _audience("zoneportal-api"),
    ],
    KAFKA_SCOPE: [_username_claim("kafka_principal"), _audience("zoneportal-kafka")],
}
SCOPE_ROLE = (KAFKA_SCOPE, "integrator")
"""Whoever has the scope has the role in its tokens, if its account has it: so notify need not manage the realm."""
