"""By what numbers lights and alarms are judged. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """``near_days`` before its deadline a line is near it; it is behind when it lacks more than ``behind_percent`` of
    what is expected; after ``stalled_days`` without movement it stands still.
    """

    near_days: int = 30
    behind_percent: int = 0
    stalled_days: int = 60


USUAL = Thresholds()
"""Until the province sets others."""
