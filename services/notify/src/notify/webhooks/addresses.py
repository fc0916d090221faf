"""Where a webhook may go: what an address may look like, and which networks are inside. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from chassis.problems import DomainError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 1000
PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z")
_CARRIERS = tuple(
    (IPv6Network(network), shift)
    for network, shift in (("::ffff:0:0/96", 0), ("::/96", 0), ("64:ff9b::/96", 0), ("2002::/16", 80))
)
"""Networks of IPv6 that stand for IPv4, and how far from the right that stands: mapped, compatible, NAT64, 6to4."""
_INSIDE = tuple(
    ip_network(network)
    for network in (
        *("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
        *("64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fec0::/10"),
    )
)
"""What Python's own lists say differently from version to version: shared (CGNAT), protocols, relays, benchmarks;
local NAT64, discard, Teredo and its like, documentation, segment routing, site-local."""
_GLOBAL_IPV6 = IPv6Network("2000::/3")


class BadAddress(DomainError):
    """An address that no webhook goes to; the message says why."""

    status = 422
    slug = "webhook-address"
    pointer = "/body/url"


@dataclass(frozen=True)
class Destination:
    """The parts of an address. ``host`` is a name, or an IP address as text without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """As the header ``Host`` has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def at(self, address: Address) -> str:
        """The same place by the number of its host."""
        host = f"[{address}]" if address.version == 6 else str(address)
        return f"{self.scheme}://{host}:{self.port}{self.target}"


def destination(url: str) -> Destination:
    """The parts of an ``http`` or ``https`` address. Raises BadAddress for one that could be read in two ways."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or any(each in url for each in ' \\"<>^`{|}'):
        raise BadAddress(f"地址应为不超过 {LONGEST} 个字符的 ASCII 网址，中文域名请写成 xn-- 形式。")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("不是有效的网址。") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadAddress("应为完整的 http 或 https 网址。")
    if "@" in parts.netloc:
        raise BadAddress("网址中不能带用户名或密码；推送以签名证明来源。")
    if "#" in url:
        raise BadAddress("网址中不能带 # 片段。")
    port = PORTS[parts.scheme] if port is None else port
    if port < 1024 and port not in PORTS.values():
        raise BadAddress("端口只能是 80、443 或 1024 以上。")
    return Destination(parts.scheme, _host(parts), port, _target(parts))


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _host(parts: SplitResult) -> str:
    """A name, or an IP address in its one plain form: ``0x7f.1``, ``0177.0.0.1`` and ``2130706433`` are none."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        try:
            if "%" in host:
                raise ValueError
            return str(IPv6Address(host))
        except ValueError as error:
            raise BadAddress("不是有效的 IPv6 地址。") from error
    if _NUMBER.match(host.rpartition(".")[2]):
        try:
            return str(IPv4Address(host))
        except ValueError as error:
            raise BadAddress("IP 地址应写成四段十进制，例如 203.0.113.7。") from error
    if not _NAME.match(host):
        raise BadAddress("不是有效的主机名。")
    return host


def networks(names: str) -> tuple[Network, ...]:
    """The networks of a setting, separated by commas. Raises ValueError."""
    return tuple(ip_network(name.strip()) for name in names.split(",") if name.strip())


def inside(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is of an internal network, or of none; one of the allowed networks is not.

    An address of IPv6 that stands for one of IPv4 is judged as that.
    """
    if isinstance(address, IPv6Address) and (carried := _carried(address)) is not None:
        return inside(carried, allowed)
    if any(address in network for network in allowed):
        return False
    if address.is_multicast or not address.is_global or address.is_reserved:
        return True
    if isinstance(address, IPv6Address) and address not in _GLOBAL_IPV6:
        return True
    return any(address in network for network in _INSIDE)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """``::`` and ``::1`` are addresses of their own."""
    if int(address) <= 1:
        return None
    for network, shift in _CARRIERS:
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


def permitted(answers: Sequence[str], allowed: Sequence[Network]) -> list[Address]:
    """The addresses that a name has. Raises BadAddress when there is none, or when any of them is inside."""
    found = [ip_address(answer) for answer in dict.fromkeys(answers)]
    if not found:
        raise BadAddress("域名解析不到地址。")
    for address in found:
        if inside(address, allowed):
            raise BadAddress(f"{address} 属于内部或保留网络，不向其推送。")
    return found
