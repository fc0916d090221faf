"""The feed: the events of progress as they came, for integrators who read them over HTTP."""

from alembic import op

from chassis import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE event_clock (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    position bigint NOT NULL
);
INSERT INTO event_clock (position) VALUES (0);

CREATE TABLE event (
    tenant text NOT NULL,
    position bigint NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (tenant, position)
);

CREATE TABLE event_forgotten (
    tenant text PRIMARY KEY,
    position bigint NOT NULL
);
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

API = """
CREATE POLICY api_granted ON {table} FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'integrator'
           AND tenant = ANY (CAST((SELECT string_to_array(current_setting('app.tenants', true), ',')) AS text[])));
GRANT SELECT ON {table} TO notify_api;
"""


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in ("event_clock", "event", "event_forgotten"))
    rights += "".join(API.format(table=table) for table in ("event", "event_forgotten"))
    for statement in schema.statements(TABLES + rights):
        op.execute(statement)
