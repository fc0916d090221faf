"""What an organization looks like in Keycloak, and when a failed attempt is made again. Pure."""

from collections.abc import Mapping
from typing import Any

LONGEST_PAUSE = 300


def pause_seconds(attempts: int) -> int:
    """Seconds until the next try after so many failed ones: 1, 2, 4 … at most five minutes."""
    return min(LONGEST_PAUSE, 1 << min(attempts, 16))


def wanted(alias: str, name: str, domain: str) -> dict[str, Any]:
    """The organization of a zone or unit; Keycloak demands an internet domain, ours is not one that exists."""
    return {
        "alias": alias,
        "name": name,
        "enabled": True,
        "domains": [{"name": f"{alias}.{domain}.zoneportal.internal", "verified": False}],
    }


def renamed(found: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """The organization under its new name; None when it has it already."""
    return None if found["name"] == name else {**found, "name": name}
