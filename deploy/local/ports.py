"""Ports of one instance: kept from run to run, chosen below the range that outgoing connections use."""

import os
import random
import socket
from collections.abc import Callable, Mapping

SERVICES = ("catalog", "progress", "notify")
PORTS = (
    *("gateway", "gateway_admin", "portal", "postgres", "keycloak", "keycloak_management", "smtp", "mail"),
    *("kafka_internal", "kafka_external", "kafka_controller"),
    *(f"{service}_{kind}" for service in SERVICES for kind in ("api", "worker")),
)
_RANGE = range(15_000, 30_000)


def free(port: int) -> bool:
    """Whether nobody listens on the port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(known: Mapping[str, int], say: Callable[[str], None]) -> dict[str, int]:
    """A port for each name: ``ZP_PORT_<NAME>`` if set, else the known one, else (or when another has it) a free one."""
    chosen: dict[str, int] = {}
    for name in PORTS:
        given = os.environ.get(f"ZP_PORT_{name.upper()}")
        port = int(given) if given else known.get(name)
        if port is None or (not given and not free(port)):
            taken = {*chosen.values(), *known.values()}
            if port is not None:
                say(f"port {port} of {name} is taken by another program: choosing a new one")
            port = next(candidate for candidate in _candidates() if candidate not in taken and free(candidate))
        elif given and not free(port):
            raise SystemExit(f"ZP_PORT_{name.upper()}={given}: the port is taken by another program")
        chosen[name] = port
    return chosen


def _candidates() -> list[int]:
    return random.sample(_RANGE, 1000)
