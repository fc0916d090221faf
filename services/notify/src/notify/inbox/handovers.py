"""The words of the news of a handover (工作交接)."""

from collections.abc import Mapping
from typing import Any

from notify.inbox.texts import Texts


def made(handover: Mapping[str, Any]) -> Texts:
    """For the office: news go to offices, so the receiver is named; ``handover`` as its event tells it."""
    giver, receiver, count = handover["giver"], handover["receiver"], handover["count"]
    return Texts(
        f"工作交接：{giver}移交{receiver}",
        f"{giver}的 {count} 项在办工作已移交{receiver}，请{receiver}按清单接手办理。",
        f"Handover: from {giver} to {receiver}",
        f"{count} open things of {giver} passed to {receiver}, who goes on with them by the list.",
    )
