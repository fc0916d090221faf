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
    options = ["--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"]
    return Command([ENVOY, "-c", "envoy.yaml", *options], home)


def _configuration(instance: Instance) -> str:
    ports = {service: instance.ports[f"{service}_api"] for service in SERVICES}
    ports |= {name: instance.ports[name] for name in ("portal", "keycloak")}
    return render(
        {name: (_HOST, port) for name, port in ports.items()},
        host=_HOST,
        ports={"public": instance.ports["gateway"]},
        admin_port=instance.ports["gateway_admin"],
        issuer=instance.issuer,
        audience="zoneportal-api",
    )
