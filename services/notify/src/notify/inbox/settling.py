"""Of which things an event says that nothing is late any more. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PREFIX = "zoneportal.progress."
_SETTLING = frozenset(
    {
        *("line.suspended", "line.withdrawn", "decision.completed"),
        *(f"order.{what}" for what in ("signed", "extension_approved", "applied", "concluded", "closed", "revoked")),
        *(f"problem.{what}" for what in ("answered", "escalated", "settled", "withdrawn")),
    }
)


@dataclass(frozen=True)
class Settled:
    """A thing (``Entry.thing``) of which nothing is late any more; for one ``audience``, or with None for all."""

    thing: str
    audience: str | None = None


def settled(type_: str, data: Mapping[str, Any]) -> list[Settled]:
    """What an event says is late no more."""
    happened = type_.removeprefix(PREFIX).removesuffix(".v1")
    thing = happened.partition(".")[0]
    if happened in _SETTLING:
        quit_ = [Settled(f"/periods/{each['period']}", str(each["office"])) for each in data.get("quit", ())]
        return [Settled(f"/{thing}s/{data[thing]['id']}"), *quit_]
    found = [Settled(f"/lines/{data['line']['id']}")] if _on_time(data) else []
    if happened == "filing.checked" and data.get("owed") == 0:
        found.append(Settled(f"/periods/{data['period']['id']}", str(data["filing"]["office"])))
    return found


def _on_time(data: Mapping[str, Any]) -> bool:
    return "line" in data and str(data["line"]["light"]) in ("green", "blue")
