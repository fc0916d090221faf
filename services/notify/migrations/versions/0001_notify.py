"""Notify: entries per audience with read marks per person, changes for the live stream, mails."""

from alembic import op

from chassis import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = r"""
CREATE TABLE news_clock (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    position bigint NOT NULL
);
INSERT INTO news_clock (position) VALUES (0);

CREATE TABLE entry (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    audience text NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    tenant text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    title_en text NOT NULL,
    body_en text NOT NULL,
    href text NOT NULL,
    grouped boolean NOT NULL,
    count bigint NOT NULL DEFAULT 1,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    position bigint NOT NULL,
    UNIQUE (audience, key),
    UNIQUE (audience, position)
);

CREATE TABLE reader (
    sub text PRIMARY KEY,
    until bigint NOT NULL
);

CREATE TABLE reading (
    sub text NOT NULL,
    entry_id uuid NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    PRIMARY KEY (sub, entry_id)
);
CREATE INDEX reading_entry ON reading (entry_id);

CREATE TABLE change (
    position bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    type text NOT NULL,
    thing text NOT NULL,
    thing_id text NOT NULL,
    jurisdiction text NOT NULL,
    units text[] NOT NULL
);
CREATE INDEX change_jurisdiction ON change (jurisdiction, position);
CREATE INDEX change_at ON change (at);

CREATE TABLE mail_request (
    entry_id uuid PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at timestamptz NOT NULL,
    attempts bigint NOT NULL DEFAULT 0,
    addressed_at timestamptz,
    error text
);
CREATE INDEX mail_request_due ON mail_request (due_at) WHERE addressed_at IS NULL;

CREATE TABLE mail_delivery (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    entry_id uuid NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    address text NOT NULL,
    masked text NOT NULL GENERATED ALWAYS AS (regexp_replace(address, '^(.)[^@]*', '\1***')) STORED,
    state text NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'sending', 'sent', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_try timestamptz DEFAULT clock_timestamp() CHECK ((next_try IS NULL) = (state IN ('sent', 'failed'))),
    sent_at timestamptz,
    error text,
    UNIQUE (entry_id, address)
);
CREATE INDEX mail_delivery_due ON mail_delivery (next_try, id) WHERE next_try IS NOT NULL;
CREATE INDEX mail_delivery_state ON mail_delivery (state, id);
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

API = """
CREATE POLICY api_read ON entry FOR SELECT TO notify_api
    USING (audience = (SELECT CASE current_setting('app.scope', true)
                              WHEN 'all' THEN 'role:province'
                              WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                              WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true) END));
GRANT SELECT ON entry TO notify_api;
CREATE POLICY api_own ON reader TO notify_api
    USING (sub = (SELECT current_setting('app.sub', true)))
    WITH CHECK (sub = (SELECT current_setting('app.sub', true)));
GRANT SELECT, INSERT, UPDATE ON reader TO notify_api;
CREATE POLICY api_own ON reading TO notify_api
    USING (sub = (SELECT current_setting('app.sub', true)))
    WITH CHECK (sub = (SELECT current_setting('app.sub', true)));
GRANT SELECT, INSERT, UPDATE, DELETE ON reading TO notify_api;
CREATE POLICY api_all ON change FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'all');
CREATE POLICY api_tenant ON change FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'tenant'
           AND jurisdiction = (SELECT current_setting('app.tenant', true)));
CREATE POLICY api_unit ON change FOR SELECT TO notify_api
    USING ((SELECT current_setting('app.scope', true)) = 'unit'
           AND units @> ARRAY[(SELECT current_setting('app.unit', true))]);
GRANT SELECT ON change TO notify_api;
CREATE POLICY api_watch ON mail_delivery FOR SELECT TO notify_api
    USING ((SELECT string_to_array(current_setting('app.roles', true), ',')) && ARRAY['operator', 'province']);
GRANT SELECT (id, masked, state, attempts, created_at, next_try, sent_at, error) ON mail_delivery TO notify_api;
"""

OWN = ("news_clock", "entry", "reader", "reading", "change", "mail_request", "mail_delivery")


def upgrade() -> None:
    for statement in schema.ddl("notify"):
        op.execute(statement)
    rights = "".join(WORKER.format(table=table) for table in OWN)
    for statement in schema.statements(TABLES + rights + API):
        op.execute(statement)
