"""Envoy's configuration: ``gateway/envoy/envoy.yaml.j2`` with the addresses of one installation."""

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


def render(
    upstreams: Mapping[str, Sequence[Address]], *, host: str, port: int, admin_port: int, issuer: str, audience: str
) -> str:
    """The text of ``envoy.yaml``; ``upstreams`` are the addresses of each by name."""
    loader = FileSystemLoader(_FOLDER)
    template = Environment(loader=loader, undefined=StrictUndefined, autoescape=False).get_template("envoy.yaml.j2")  # noqa: S701 - YAML
    return template.render(
        gateway_host=host,
        gateway_port=port,
        admin_port=admin_port,
        issuer=issuer,
        audience=audience,
        collector=urlsplit(collector) if (collector := os.environ.get(COLLECTOR)) else None,
        away_page=(_FOLDER / "away.html").read_text(),
        upstreams=upstreams,
    )


def provision(folder: Path) -> None:
    """Writes the file that the gateway of a container starts with."""
    told = GatewaySettings()
    text = render(
        UPSTREAMS,
        host="0.0.0.0",  # noqa: S104 - a container
        port=8080,
        admin_port=9901,
        issuer=told.issuer,
        audience=told.audience,
    )
    (folder / "envoy.yaml").write_text(text)
