"""What only the catalog is told by its environment."""

from chassis.settings import Settings


class CatalogSettings(Settings):
    """The worker keeps up organizations in Keycloak as the service account ``oidc_client_id``.

    The API manages people there as the service account ``zoneportal-people``, whose secret no other process has.
    """

    keycloak_url: str = ""
    oidc_client_id: str = "zoneportal-catalog"
    oidc_client_secret: str = ""
    people_secret: str = ""
