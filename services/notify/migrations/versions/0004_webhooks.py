"""Webhooks: where integrators want events posted, what waits for each, and each try with its answer."""

from alembic import op

from chassis import schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhook (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    integrator text NOT NULL REFERENCES integrator (client) ON DELETE CASCADE,
    url text NOT NULL,
    types text[] NOT NULL,
    tenants text[] NOT NULL,
    ordering text NOT NULL CHECK (ordering IN ('per_thing', 'free')),
    paused text CHECK (paused IN ('owner', 'security', 'gone', 'failing')),
    failing_since timestamptz,
    told_at timestamptz,
    after bigint NOT NULL DEFAULT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX webhook_integrator ON webhook (integrator);

CREATE TABLE webhook_secret (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    webhook_id uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    secret text NOT NULL,
    until timestamptz
);
CREATE INDEX webhook_secret_webhook ON webhook_secret (webhook_id);

CREATE TABLE webhook_delivery (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    webhook_id uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    tenant text,
    position bigint NOT NULL,
    message_id text NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'dropped')),
    attempts bigint NOT NULL DEFAULT 0,
    tries bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    since timestamptz,
    next_try timestamptz CHECK ((next_try IS NULL) = (state <> 'waiting')),
    worker text,
    held_until timestamptz,
    settled_at timestamptz,
    UNIQUE (webhook_id, tenant, position)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_try, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_thing ON webhook_delivery (webhook_id, subject, position) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_shown ON webhook_delivery (webhook_id, id);
CREATE INDEX webhook_delivery_settled ON webhook_delivery (settled_at);

CREATE TABLE webhook_attempt (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    delivery_id uuid NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    url text NOT NULL,
    headers jsonb NOT NULL,
    address text,
    milliseconds bigint,
    status bigint,
    reason text,
    detail text NOT NULL,
    UNIQUE (delivery_id, number)
);

CREATE TABLE webhook_answer (
    attempt_id uuid PRIMARY KEY REFERENCES webhook_attempt (id) ON DELETE CASCADE,
    type text NOT NULL,
    body text NOT NULL
);
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

OWNER = """((SELECT current_setting('app.scope', true)) = 'integrator'
    AND integrator = (SELECT current_setting('app.client', true)))"""
HATS = "(SELECT string_to_array(current_setting('app.roles', true), ','))"
OWN = """((SELECT current_setting('app.scope', true)) = 'integrator' AND webhook_id IN (SELECT id FROM webhook))"""

# What the answer of a receiver says is for its owner: it may repeat what was sent. No process of the API reads secrets.
API = f"""
CREATE POLICY api_own ON webhook TO notify_api USING {OWNER} WITH CHECK {OWNER};
CREATE POLICY api_watch ON webhook FOR SELECT TO notify_api USING ({HATS} && ARRAY['security', 'operator']);
CREATE POLICY api_steer ON webhook FOR UPDATE TO notify_api USING ({HATS} && ARRAY['security', 'operator']);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook TO notify_api;

CREATE POLICY api_own ON webhook_secret TO notify_api USING {OWN} WITH CHECK {OWN};
GRANT SELECT (id, webhook_id, until), INSERT, UPDATE (until) ON webhook_secret TO notify_api;

CREATE POLICY api_own ON webhook_delivery TO notify_api USING {OWN} WITH CHECK {OWN};
CREATE POLICY api_watch ON webhook_delivery FOR SELECT TO notify_api
    USING ({HATS} && ARRAY['security', 'operator']);
CREATE POLICY api_again ON webhook_delivery FOR UPDATE TO notify_api USING ({HATS} && ARRAY['security', 'operator']);
GRANT SELECT, INSERT, UPDATE ON webhook_delivery TO notify_api;

CREATE POLICY api_seen ON webhook_attempt FOR SELECT TO notify_api
    USING (EXISTS (SELECT FROM webhook_delivery d WHERE d.id = delivery_id));
GRANT SELECT ON webhook_attempt TO notify_api;

CREATE POLICY api_own ON webhook_answer FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'integrator'
           AND EXISTS (SELECT FROM webhook_attempt a WHERE a.id = attempt_id));
GRANT SELECT ON webhook_answer TO notify_api;

CREATE POLICY api_webhooks ON audit_chain TO notify_api
    USING (chain = '' AND ((SELECT current_setting('app.scope', true)) = 'integrator' OR {HATS} @> ARRAY['operator']))
    WITH CHECK (chain = '' AND ((SELECT current_setting('app.scope', true)) = 'integrator'
                                OR {HATS} @> ARRAY['operator']));
"""  # noqa: S608 - no input

OWN_TABLES = ("webhook", "webhook_secret", "webhook_delivery", "webhook_attempt", "webhook_answer")


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in OWN_TABLES)
    for statement in schema.statements(TABLES + rights + API):
        op.execute(statement)
