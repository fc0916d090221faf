"""What only notify is told by its environment."""

from chassis.settings import Settings


class NotifySettings(Settings):
    """The worker sends by SMTP and looks up addresses in Keycloak as the service account ``oidc_client_id``.

    ``gateway_url`` is where the links in mails lead, ``kafka_external`` where integrators find the broker. The worker
    keeps integrators in Keycloak as the service account ``zoneportal-grants``, whose secret no other process has.
    ``webhook_networks`` are the internal networks, separated by commas, that webhooks may go to all the same.
    """

    gateway_url: str = ""
    keycloak_url: str = ""
    oidc_client_id: str = "zoneportal-notify"
    oidc_client_secret: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    mail_from: str = ""
    kafka_external: str = ""
    grants_secret: str = ""
    webhook_networks: str = ""
