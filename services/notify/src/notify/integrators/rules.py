"""What an integrator is to Keycloak and to the broker, and why it is refused. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.problems import DomainError

LONGEST_PAUSE = 60
RECHECK_SECONDS = 3600
RESERVED = "zoneportal-"
SCOPES = frozenset({"basic", "service_account", "profile", "zoneportal", "zoneportal-kafka"})
MARK = "zoneportal-kafka"
"""The scope that integrators alone have: by it a client of Keycloak is known as one, and its tokens carry the role."""
ROLE = "integrator"


@dataclass(frozen=True)
class Wish:
    """What an integrator shall be; ``secret`` only on its way to Keycloak."""

    client: str
    name: str
    tenants: frozenset[str]
    suspended: bool
    removed: bool
    version: int
    secret: str | None

    @property
    def granted(self) -> frozenset[str]:
        return frozenset() if self.suspended or self.removed else self.tenants


class Reserved(DomainError):
    status = 422
    slug = "client-reserved"
    pointer = "/body/client"

    def __init__(self) -> None:
        super().__init__(f"以 {RESERVED} 开头的客户端编号由平台自用。")


class Taken(DomainError):
    slug = "client-taken"
    pointer = "/body/client"

    def __init__(self) -> None:
        super().__init__("该客户端编号已经登记。")


class UnknownZone(DomainError):
    """The tenant that stands at a place among those that are granted is no zone."""

    status = 422
    slug = "unknown-zone"

    def __init__(self, place: int) -> None:
        super().__init__("没有这个片区。")
        self.pointer = f"/body/tenants/{place}"


class WrongState(DomainError):
    slug = "wrong-state"


class Foreign(Exception):
    """Keycloak has a client of this name that is no integrator's."""

    def __init__(self) -> None:
        super().__init__("统一身份认证中已有同名客户端，但不是对接系统，请改用其他客户端编号")


class Refused(DomainError):
    """An integrator's token is good, but the portal lets it read nothing."""

    status = 403


class NotRegistered(Refused):
    slug = "integrator-unknown"

    def __init__(self) -> None:
        super().__init__("该对接系统没有登记，或已被移除。请联系平台的安全管理员。")


class Suspended(Refused):
    slug = "integrator-suspended"

    def __init__(self) -> None:
        super().__init__("该对接系统已被停用。请联系平台的安全管理员。")


class NothingGranted(Refused):
    slug = "nothing-granted"

    def __init__(self) -> None:
        super().__init__("没有授权该对接系统读取任何片区的事件。请联系平台的安全管理员。")


def check_client(client: str) -> None:
    """Raises Reserved."""
    if client.startswith(RESERVED):
        raise Reserved


def admit(integrator: Mapping[str, Any] | None) -> None:
    """Whether it may read events at all. Raises NotRegistered, Suspended, NothingGranted."""
    if integrator is None or integrator["removed"]:
        raise NotRegistered
    if integrator["suspended"]:
        raise Suspended
    if not integrator["tenants"]:
        raise NothingGranted


def actions(integrator: Mapping[str, Any]) -> list[str]:
    """What can be done with it now."""
    if integrator["removed"]:
        return []
    return ["edit", "rotate", "resume" if integrator["suspended"] else "suspend", "remove"]


def check_action(integrator: Mapping[str, Any], action: str) -> None:
    """Raises WrongState."""
    if action not in actions(integrator):
        raise WrongState("该对接系统已被移除，不能再更改。" if integrator["removed"] else "该对接系统已是所要的状态。")


def acts(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """What the audit trail calls a change of the granted tenants; ``integrator.changed`` when they stay."""
    had, has = set(before), set(after)
    found = [name for name, some in (("integrator.granted", has - had), ("integrator.revoked", had - has)) if some]
    return found or ["integrator.changed"]


def pause_seconds(attempts: int) -> int:
    """Seconds until the next try after so many failed ones: 1, 2, 4 … at most a minute."""
    return min(LONGEST_PAUSE, 1 << min(max(attempts, 0), 16))


def reason(error: Exception) -> str:
    """What the page says of a failed attempt."""
    return str(error) if isinstance(error, Foreign) else f"{type(error).__name__}: {error}"[:500]


def representation(wish: Wish) -> dict[str, Any]:
    """The client as Keycloak keeps it."""
    return {
        "clientId": wish.client,
        "name": wish.name,
        "enabled": not wish.suspended,
        "protocol": "openid-connect",
        "publicClient": False,
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": True,
        "fullScopeAllowed": False,
        "redirectUris": [],
        "webOrigins": [],
        **({"secret": wish.secret} if wish.secret else {}),
    }
