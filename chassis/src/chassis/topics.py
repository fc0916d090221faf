"""How topics are made and kept, whoever makes them."""

PARTITIONS = 3
DAYS_90 = str(90 * 24 * 3600 * 1000)
KEPT = {"retention.ms": DAYS_90}
COMPACTED = {"cleanup.policy": "compact", "min.compaction.lag.ms": "0", "delete.retention.ms": DAYS_90}
Difference = tuple[str | None, str | None]
"""Of a setting: what it is and what it should be; None stands for the broker's default."""
