"""How the plan stands, as gauges for those who watch the system."""

from prometheus_client import Gauge

from chassis.measuring import Measure

STANDING = (
    Measure(
        Gauge("zoneportal_lines", "Lines by their light", ["jurisdiction", "light"]),
        """
        SELECT c.jurisdiction, l.light, sum(l.lines)
        FROM overview_cell c
        CROSS JOIN LATERAL (VALUES ('green', c.green), ('yellow', c.yellow), ('red', c.red), ('blue', c.blue))
            l (light, lines)
        WHERE c.unit = '' GROUP BY 1, 2
        """,
    ),
    Measure(
        Gauge("zoneportal_late_filings", "Filings that a period's due day has passed without", ["jurisdiction"]),
        """
        SELECT f.jurisdiction, count(*) FROM filing f JOIN period p ON p.id = f.period_id
        WHERE p.due < CAST(now() AT TIME ZONE 'Asia/Shanghai' AS date) AND f.received_on IS NULL AND NOT f.excused
        GROUP BY 1
        """,
    ),
)
