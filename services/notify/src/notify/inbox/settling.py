"""Of which things an event says that nothing is late any more. Pure."""

from collections.abc import Mapping
from typing import Any

PREFIX = "zoneportal.progress."
_SETTLING = frozenset(
    {
        *("line.suspended", "line.withdrawn", "decision.completed"),
        *(f"order.{what}" for what in ("signed", "extension_approved", "applied", "concluded", "closed", "revoked")),
        *(f"problem.{what}" for what in ("answered", "escalated", "settled", "withdrawn")),
    }
)


def settled(type_: str, data: Mapping[str, Any]) -> list[str]:
    """The things (``Entry.thing``) of which an event says that nothing of them is late any more."""
    happened = type_.removeprefix(PREFIX).removesuffix(".v1")
    thing = happened.partition(".")[0]
    if happened in _SETTLING:
        return [f"/{thing}s/{data[thing]['id']}"]
    on_time = "line" in data and str(data["line"]["light"]) in ("green", "blue")
    return [f"/lines/{data['line']['id']}"] if on_time else []
