"""What only the portal is told by its environment."""

from pathlib import Path
from urllib.parse import urlsplit

from chassis.settings import Settings


class PortalSettings(Settings):
    """``gateway_url`` is where browsers see the portal and everything else; ``keycloak_url`` is asked directly.

    ``api_url`` is where the portal itself finds the gateway, when that is another address than the browsers';
    ``contracts`` is the folder whose events its pages explain. ``oidc_client_secret_next`` is what Keycloak takes once
    it does not take ``oidc_client_secret`` any more.
    """

    gateway_url: str
    api_url: str = ""
    keycloak_url: str
    contracts: Path = Path("contracts")
    oidc_client_id: str = "zoneportal-portal"
    oidc_client_secret: str = ""
    oidc_client_secret_next: str = ""

    @property
    def secure(self) -> bool:
        return self.gateway_url.startswith("https://")

    @property
    def issuer_origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"
