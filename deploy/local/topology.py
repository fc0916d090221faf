"""What the system is made of: each component, what it waits for, how it starts, how we know that it is ready."""

from deploy.local import gateway, kafka, keycloak, postgres, services
from deploy.local.commands import python
from deploy.local.components import Component, answers, listens, succeeds
from deploy.local.instance import ROOT
from deploy.local.ports import SERVICES

_TABLES = [ROOT / "chassis/src/chassis" / name for name in ("schema.py", "tables.py")]


def topology() -> list[Component]:
    """All components; the launcher starts each as soon as those it waits for are ready."""
    return [
        Component("postgres-data", after=(), command=postgres.creation),
        Component(
            "postgres",
            after=("postgres-data",),
            command=postgres.command,
            ready=succeeds(postgres.is_ready),
            port="postgres",
        ),
        Component(
            "databases",
            after=("postgres",),
            command=lambda i: python("deploy.provision", "databases", env=postgres.provision_env(i)),
            inputs=lambda i: [ROOT / "deploy/provision/databases.py", *postgres.provision_env(i).values()],
        ),
        Component(
            "keycloak-program",
            after=(),
            command=lambda i: python("deploy.local.artifacts", "keycloak", env={"ZP_CACHE_DIR": str(i.cache_dir)}),
        ),
        Component(
            "keycloak",
            after=("databases", "keycloak-program"),
            command=keycloak.command,
            ready=answers("keycloak_management", "/auth/health/ready"),
            port="keycloak",
        ),
        Component(
            "realm",
            after=("keycloak",),
            command=lambda i: python("realm", "--demo", env=keycloak.realm_env(i)),
            inputs=lambda i: [ROOT / "gateway/keycloak/src", *keycloak.realm_env(i).values()],
        ),
        Component(
            "kafka-program",
            after=(),
            command=lambda i: python("deploy.local.artifacts", "kafka", env={"ZP_CACHE_DIR": str(i.cache_dir)}),
        ),
        Component("kafka-storage", after=("kafka-program",), command=kafka.storage),
        Component(
            "kafka",
            after=("kafka-storage", "realm"),
            command=kafka.command,
            ready=listens("kafka_internal"),
            port="kafka_internal",
        ),
        Component(
            "topics",
            after=("kafka",),
            command=lambda i: python("deploy.provision", "kafka", env=kafka.provision_env(i)),
            inputs=lambda i: [ROOT / "deploy/provision/kafka.py", *kafka.provision_env(i).values()],
        ),
        *(migration(service) for service in (*SERVICES, "portal")),
        *(api(service) for service in SERVICES),
        *(worker(service) for service in SERVICES),
        portal(),
        Component(
            "mail",
            after=(),
            command=lambda i: python(
                "deploy.local.mail", str(i.ports["smtp"]), str(i.ports["mail"]), str(i.folder("mail"))
            ),
            ready=listens("mail"),
            port="mail",
        ),
        Component(
            "gateway",
            after=("realm",),
            command=gateway.command,
            ready=answers("gateway_admin", "/ready"),
            port="gateway",
        ),
        seed("notice", after=("gateway", "realm", "catalog-api")),
        seed("lines", after=("notice", "catalog-worker", "progress-api", "progress-worker")),
        seed("integrators", after=("notice", "catalog-worker", "notify-api", "notify-worker")),
    ]


def migration(service: str) -> Component:
    """Brings a service's database to its newest form."""
    return Component(
        f"{service}-migration",
        after=("databases",),
        command=lambda i: services.migration(i, service),
        inputs=lambda i: [services.migrations(service), *_TABLES],
    )


def api(service: str, copy: str = "") -> Component:
    """The process of a service that answers the gateway; ``copy`` is ``_2`` for a second one beside it."""
    return Component(
        f"{service}-api{copy}",
        after=(f"{service}-migration",),
        command=lambda i: services.api(i, service, copy),
        ready=answers(f"{service}_api{copy}", "/readyz"),
        port=f"{service}_api{copy}",
    )


def worker(service: str, copy: str = "") -> Component:
    """The process of a service that talks with Kafka."""
    return Component(
        f"{service}-worker{copy}",
        after=(f"{service}-migration", "topics"),
        command=lambda i: services.worker(i, service, copy),
        ready=answers(f"{service}_worker{copy}", "/readyz"),
        port=f"{service}_worker{copy}",
    )


def portal(copy: str = "") -> Component:
    """The process that shows the pages."""
    return Component(
        f"portal{copy}",
        after=("portal-migration",),
        command=lambda i: services.api(i, "portal", copy),
        ready=answers(f"portal{copy}", "/readyz"),
        port=f"portal{copy}",
    )


def seed(what: str, after: tuple[str, ...]) -> Component:
    """A step of bringing in the sample data, done once."""
    return Component(
        what,
        after=after,
        command=lambda i: python(
            "deploy.local.seed", what, env={"ZP_GATEWAY_URL": i.gateway, "ZP_DEMO_PASSWORD": i.secrets["demo"]}
        ),
        inputs=lambda i: ["once"],
    )
