"""Ports of one instance: kept from run to run, out of one block below the range that outgoing connections use."""

import os
import random
import socket
from collections.abc import Callable, Mapping

SERVICES = ("catalog", "progress", "notify")
PORTS = (
    *("gateway", "gateway_admin", "portal", "postgres", "keycloak", "keycloak_management", "smtp", "mail"),
    *("kafka_internal", "kafka_external", "kafka_controller"),
    *(f"{service}_{kind}" for service in SERVICES for kind in ("api", "worker")),
    *("portal_2", *(f"{service}_{kind}_2" for service in SERVICES for kind in ("api", "worker"))),
)
"""Those that end with 2 are for a second copy of a process, which the launcher does not start."""
_SIZE = 50
_BLOCKS = range(15_000, 30_000, _SIZE)


def reserve(known: int | None, say: Callable[[str], None]) -> socket.socket:
    """Takes a block of ports, the known one if it can. Its first port is bound by the socket: while that is open (a
    process that dies closes it), no other launcher has the block. SystemExit when no block is left.
    """
    others = [first for first in _BLOCKS if first != known]
    for first in ([] if known is None else [known]) + random.sample(others, len(others)):
        held = socket.socket()
        try:
            held.bind(("127.0.0.1", first))
        except OSError:
            held.close()
            if first == known:
                say(f"the ports from {first} on are taken by another system: choosing new ones")
        else:
            return held
    raise SystemExit(f"no free block of {_SIZE} ports from {_BLOCKS.start} to {_BLOCKS.stop}")


def free(port: int) -> bool:
    """Whether nobody listens on the port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose(block: int, known: Mapping[str, int], say: Callable[[str], None]) -> dict[str, int]:
    """A port for each name: ``ZP_PORT_<NAME>`` if set, else the known one, else (or when another program has it) a free
    one of the block.
    """
    chosen = {"block": block}
    known = known if known.get("block") == block else {}
    for name in PORTS:
        given = os.environ.get(f"ZP_PORT_{name.upper()}")
        port = int(given) if given else known.get(name)
        if port is None or (not given and not free(port)):
            taken = {*chosen.values(), *known.values()}
            if port is not None:
                say(f"port {port} of {name} is taken by another program: choosing a new one")
            port = next(
                candidate for candidate in range(block, block + _SIZE) if candidate not in taken and free(candidate)
            )
        elif given and not free(port):
            raise SystemExit(f"ZP_PORT_{name.upper()}={given}: the port is taken by another program")
        chosen[name] = port
    return chosen
