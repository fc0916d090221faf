"""Integrators: who they are and which tenants are granted to them; the feed goes by that, not by the token alone."""

from alembic import op

from chassis import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE integrator (
    client text PRIMARY KEY CHECK (client ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND length(client) <= 40),
    name text NOT NULL,
    contact text NOT NULL,
    tenants text[] NOT NULL DEFAULT '{}',
    suspended boolean NOT NULL DEFAULT false,
    removed boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    secret text,
    secret_at timestamptz
);

CREATE TABLE integrator_step (
    client text NOT NULL REFERENCES integrator (client) ON DELETE CASCADE,
    system text NOT NULL CHECK (system IN ('keycloak', 'kafka')),
    tried bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    done_at timestamptz,
    attempts bigint NOT NULL DEFAULT 0,
    next_try timestamptz NOT NULL DEFAULT clock_timestamp(),
    error text,
    PRIMARY KEY (client, system)
);
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

SECURITY = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['security']"
SHOWN = "client, name, contact, tenants, suspended, removed, version, created_at, secret_at"
API = f"""
CREATE POLICY api_security ON integrator TO notify_api USING ({SECURITY}) WITH CHECK ({SECURITY});
CREATE POLICY api_own ON integrator FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'integrator'
           AND client = (SELECT current_setting('app.client', true)));
GRANT SELECT ({SHOWN}), INSERT, UPDATE ON integrator TO notify_api;
CREATE POLICY api_security ON integrator_step TO notify_api USING ({SECURITY}) WITH CHECK ({SECURITY});
GRANT SELECT, INSERT ON integrator_step TO notify_api;
CREATE POLICY api_security ON audit_chain TO notify_api USING ({SECURITY}) WITH CHECK ({SECURITY});
"""

GRANTED = """
DROP POLICY api_granted ON {table};
CREATE POLICY api_granted ON {table} FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'integrator'
           AND tenant = ANY (CAST((SELECT tenants FROM integrator
                                   WHERE client = (SELECT current_setting('app.client', true))
                                     AND NOT suspended AND NOT removed) AS text[])));
"""


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in ("integrator", "integrator_step"))
    granted = "".join(GRANTED.format(table=table) for table in ("event", "event_forgotten"))
    for statement in schema.statements(TABLES + rights + API + granted):
        op.execute(statement)
