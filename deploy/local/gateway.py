"""Envoy, the only public port: its configuration is ``gateway/envoy/envoy.yaml.j2`` with this instance's addresses."""

import sysconfig
from pathlib import Path

from deploy.local.instance import Instance
from deploy.local.ports import SERVICES
from deploy.local.processes import Command
from deploy.provision.gateway import render

ENVOY = str(Path(sysconfig.get_path("purelib")) / "envoy" / "_bin" / "envoy")
_HOST = "127.0.0.1"


def command(instance: Instance) -> Command:
    home = instance.folder("gateway")
    (home / "envoy.yaml").write_text(_configuration(instance))
    return envoy(home)


def envoy(home: Path) -> Command:
    """Of the ``envoy.yaml`` in that folder."""
    options = ["--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"]
    return Command([ENVOY, "-c", "envoy.yaml", *options], home)


def _configuration(instance: Instance) -> str:
    ports = {"portal": ["portal", "portal_2"], "keycloak": ["keycloak"]}
    ports |= {service: [f"{service}_api", f"{service}_api_2"] for service in SERVICES}
    return render(
        {name: [(_HOST, instance.ports[port]) for port in known] for name, known in ports.items()},
        host=_HOST,
        ports={"public": instance.ports["gateway"]},
        admin_port=instance.ports["gateway_admin"],
        issuer=instance.issuer,
        audience="zoneportal-api",
    )
