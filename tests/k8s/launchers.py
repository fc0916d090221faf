"""What each process of the system reads, and what the one-machine launcher tells it."""

from pathlib import Path

from pydantic_settings import BaseSettings

from catalog.settings import CatalogSettings
from chassis.settings import Settings
from deploy.local import services
from deploy.local.instance import Instance
from deploy.local.ports import SERVICES
from deploy.provision.settings import (
    BackupSettings,
    BrokerSettings,
    DatabaseSettings,
    GatewaySettings,
    KafkaSettings,
    SeedSettings,
)
from notify.settings import NotifySettings
from portal.settings import PortalSettings
from progress.settings import ProgressSettings
from realm.settings import DemoSettings, RealmSettings

KNOWN: dict[str, type[Settings]] = {
    "catalog": CatalogSettings,
    "progress": ProgressSettings,
    "notify": NotifySettings,
    "portal": PortalSettings,
}
STEPS: dict[str, tuple[type[BaseSettings], ...]] = {
    "databases": (DatabaseSettings,),
    "realm": (RealmSettings,),
    "topics": (KafkaSettings,),
    "kafka-files": (BrokerSettings,),
    "gateway-files": (GatewaySettings,),
    "backup": (BackupSettings,),
    "people": (RealmSettings, DemoSettings),
    "integrators": (SeedSettings,),
    "notice": (SeedSettings,),
    "lines": (SeedSettings,),
}
_CONTAINERS = {"ZP_HOST"}
_OWN = {"portal": {"ZP_API_URL"}}


def names(settings: type[BaseSettings], *, required: bool = False) -> set[str]:
    """The variables that the code reads into ``settings``."""
    return {
        f"ZP_{name.upper()}" for name, field in settings.model_fields.items() if field.is_required() or not required
    }


def processes(folder: Path) -> dict[str, tuple[str, set[str]]]:
    """Process -> (service, what it is to be told): what the launcher tells it, and where to listen in a container."""
    instance = Instance(folder / "run", folder / "cache")
    instance.take_ports(print).close()
    found = {}
    for service in (*SERVICES, "portal"):
        commands = {"api": services.api(instance, service), "migration": services.migration(instance, service)}
        if service in SERVICES:
            commands["worker"] = services.worker(instance, service)
        for process, command in commands.items():
            name = "portal" if (service, process) == ("portal", "api") else f"{service}-{process}"
            told = {variable for variable in command.env if variable in names(KNOWN[service])}
            found[name] = (service, told | _CONTAINERS | _OWN.get(service, set()))
    return found
