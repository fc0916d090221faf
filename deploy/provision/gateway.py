"""Envoy's configuration: ``gateway/envoy/envoy.yaml.j2`` with the addresses of one installation."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.telemetry import COLLECTOR
from deploy.provision.settings import GatewaySettings

_FOLDER = Path(__file__).resolve().parents[2] / "gateway" / "envoy"
Address = tuple[str, int]
PORT = 8000
UPSTREAMS = {
    **{service: [(f"{service}-api", PORT)] for service in ("catalog", "progress", "notify")},
    "portal": [("portal", PORT)],
    "keycloak": [("keycloak", 8080)],
}
"""Where containers find what the gateway forwards to."""
_FILE = "certificate.yaml"


def render(
    upstreams: Mapping[str, Sequence[Address]],
    *,
    host: str,
    ports: dict[str, int],
    admin_port: int,
    issuer: str,
    audience: str,
    certificate: str = "",
) -> str:
    """The text of ``envoy.yaml``; ``upstreams`` are the addresses of each by name, ``ports`` those of the listeners.

    The listener ``secure`` speaks TLS; ``certificate`` is the file that says where Envoy finds its own.
    """
    loader = FileSystemLoader(_FOLDER)
    template = Environment(loader=loader, undefined=StrictUndefined, autoescape=False).get_template("envoy.yaml.j2")  # noqa: S701 - YAML
    return template.render(
        gateway_host=host,
        listeners=ports,
        certificate=certificate,
        admin_port=admin_port,
        issuer=issuer,
        audience=audience,
        collector=urlsplit(collector) if (collector := os.environ.get(COLLECTOR)) else None,
        away_page=(_FOLDER / "away.html").read_text(),
        upstreams=upstreams,
    )


def provision(folder: Path) -> None:
    """Writes the files that the gateway of a container starts with."""
    told = GatewaySettings()
    text = render(
        UPSTREAMS,
        host="0.0.0.0",  # noqa: S104 - a container
        ports={"public": 8080} | ({"secure": 8443} if told.gateway_certificate else {}),
        admin_port=9901,
        issuer=told.issuer,
        audience=told.audience,
        certificate=str(folder / _FILE),
    )
    (folder / "envoy.yaml").write_text(text)
    if told.gateway_certificate:
        (folder / _FILE).write_text(secret(told.gateway_certificate))


def secret(home: Path) -> str:
    """The file that names the certificate's own: Envoy reads them anew when Kubernetes swaps what is in ``home``."""
    certificate = {
        "certificate_chain": {"filename": f"{home}/tls.crt"},
        "private_key": {"filename": f"{home}/tls.key"},
    }
    kind = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"
    return json.dumps({"resources": [{"@type": kind, "name": "gateway", "tls_certificate": certificate}]}, indent=2)
