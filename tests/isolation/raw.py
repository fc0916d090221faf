"""HTTP as no client library would send it: bytes to the gateway, and what comes back."""

import re
import select
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from deploy.local.system import System

_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3})", re.MULTILINE)
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def _connected(system: System) -> socket.socket:
    parts = urlsplit(system.endpoints["gateway"])
    return socket.create_connection((str(parts.hostname), parts.port or 80), timeout=30)


def answers(system: System, sent: bytes, *, enough: bytes = b"\0no end") -> bytes:
    """Everything that the gateway answers to these bytes until it closes, is silent for long, or has said enough."""
    found = b""
    with _connected(system) as connection:
        try:
            connection.sendall(sent)
            while enough not in found and (chunk := connection.recv(65536)):
                found += chunk
        except (TimeoutError, ConnectionError):
            pass
    return found


def statuses(system: System, tries: Mapping[str, bytes]) -> dict[str, list[int]]:
    """Of the answers to these bytes, one for each request that the gateway saw in them; side by side, since it keeps
    a connection open for a second after it has refused what came.
    """
    with ThreadPoolExecutor(len(tries)) as pool:
        found = pool.map(lambda sent: answers(system, sent), tries.values())
        return {
            name: [int(status) for status in _STATUS.findall(told)] for name, told in zip(tries, found, strict=True)
        }


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request that closes its connection when it was answered."""
    return "\r\n".join((line, "Host: zoneportal", "Connection: close", *headers, "", "")).encode("latin-1") + body


def pushed(system: System, head: Sequence[str], size: int, *, chunked: bool = False) -> int:
    """The status that answers a body of so many bytes, which is sent for as long as nothing comes back."""
    line, *headers = head
    piece, length = b"a" * 65536, "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    framed = b"10000\r\n" + piece + b"\r\n" if chunked else piece
    with _connected(system) as connection:
        connection.sendall(request(line, *headers, length))
        for _ in range(size // len(piece)):
            if select.select([connection], [], [], 0)[0]:
                break
            try:
                connection.sendall(framed)
            except ConnectionError:
                break
        return int(_STATUS.findall(connection.recv(65536))[0])


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Of HTTP/2 (RFC 9113)."""
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def http2(system: System, headers: Sequence[tuple[bytes, bytes]]) -> tuple[set[int], bytes]:
    """The kinds of the frames that come back to one request with these headers, and all their payloads."""
    block = b"".join(b"\x00" + bytes((len(name),)) + name + bytes((len(value),)) + value for name, value in headers)
    found = answers(system, _PREFACE + frame(4, 0, 0) + frame(1, 5, 1, block), enough=b"</html>")
    kinds, payloads = set(), b""
    while len(found) >= 9:
        length = int.from_bytes(found[:3], "big")
        kinds.add(found[3])
        payloads += found[9 : 9 + length]
        found = found[9 + length :]
    return kinds, payloads
