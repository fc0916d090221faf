"""What waits to be sent, as gauges for those who watch the system."""

from prometheus_client import Gauge

from chassis.measuring import Measure

WAITING = (
    Measure(
        Gauge(
            "zoneportal_deliveries_oldest_seconds",
            "How long the next try is overdue that is so the longest",
            ["channel"],
        ),
        """
        SELECT channel, extract(epoch FROM now() - min(next_try)) FROM delivery WHERE next_try <= now() GROUP BY 1
        """,
    ),
    Measure(
        Gauge("zoneportal_deliveries_failed", "Deliveries given up in the last day", ["channel"]),
        """
        SELECT channel, count(*) FROM delivery
        WHERE state = 'failed' AND settled_at > now() - interval '1 day' GROUP BY 1
        """,
    ),
    Measure(
        Gauge("zoneportal_webhooks_failing", "Webhooks that have been failing for an hour, or are paused for it"),
        "SELECT count(*) FROM webhook WHERE paused = 'failing' OR failing_since < now() - interval '1 hour'",
    ),
    Measure(
        Gauge("zoneportal_webhook_oldest_seconds", "Age of the oldest event that a webhook waits for", ["webhook"]),
        """
        SELECT CAST(webhook_id AS text), extract(epoch FROM now() - min(created_at)) FROM webhook_delivery
        WHERE state = 'waiting' GROUP BY 1
        """,
    ),
)
