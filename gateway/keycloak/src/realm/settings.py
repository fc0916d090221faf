"""What the provisioning is told by its environment."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRETS = Path("/run/secrets")
_CONFIG = SettingsConfigDict(env_prefix="ZP_", secrets_dir=_SECRETS if _SECRETS.is_dir() else None)


class RealmSettings(BaseSettings):
    """``keycloak_url`` ends with ``/auth``; the administrator is one of the realm ``master``. Keycloak tells the portal
    at ``portal_url``, which browsers do not see, of sessions that have ended.

    Keycloak writes to people it invites by ``smtp_host``, if there is one.
    """

    model_config = _CONFIG

    keycloak_url: str
    keycloak_admin: str
    keycloak_admin_password: str
    gateway_url: str
    portal_url: str
    portal_secret: str
    notify_secret: str
    catalog_secret: str
    grants_secret: str
    people_secret: str
    smtp_host: str = ""
    smtp_port: int = 25
    mail_from: str = ""


class DemoSettings(BaseSettings):
    """Only the demo needs these."""

    model_config = _CONFIG

    demo_password: str
    demo_integrator_secret: str
