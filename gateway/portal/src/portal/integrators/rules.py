"""How an integrator stands, as a word of the list. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

Act = Literal["suspension", "resumption", "removal"]


def state(integrator: Mapping[str, Any]) -> str:
    """``removed`` or ``suspended`` before ``failed``, ``waiting``, ``in_step`` of its worst system."""
    for word in ("removed", "suspended"):
        if integrator[word]:
            return word
    states = {step["state"] for step in integrator["steps"]}
    return next((word for word in ("failed", "waiting") if word in states), "in_step")
