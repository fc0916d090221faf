"""Deliveries by any channel, each with its own text, in place of those by mail; every try is a row."""

from alembic import op

from chassis import schema

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = r"""
CREATE TABLE delivery (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    channel text NOT NULL,
    address text NOT NULL,
    masked text NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    href text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'sending', 'sent', 'failed')),
    attempts bigint NOT NULL DEFAULT 0,
    tries bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    next_try timestamptz DEFAULT clock_timestamp() CHECK ((next_try IS NULL) = (state IN ('sent', 'failed'))),
    tried_at timestamptz,
    worker text,
    held_until timestamptz,
    settled_at timestamptz,
    error text,
    UNIQUE (channel, address, key)
);
CREATE INDEX delivery_due ON delivery (channel, next_try, id) WHERE next_try IS NOT NULL;
CREATE INDEX delivery_held ON delivery (worker) WHERE held_until IS NOT NULL;
CREATE INDEX delivery_tried ON delivery (channel, address, tried_at);
CREATE INDEX delivery_state ON delivery (state, id);
CREATE INDEX delivery_settled ON delivery (settled_at);

CREATE TABLE delivery_attempt (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    delivery_id uuid NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    milliseconds bigint,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'later', 'failed', 'unknown')),
    reason text,
    detail text NOT NULL,
    UNIQUE (delivery_id, number)
);

LOCK TABLE mail_delivery IN ACCESS EXCLUSIVE MODE;
INSERT INTO delivery (id, channel, address, masked, key, title, body, href, at, state, attempts, created_at, since,
                      next_try, settled_at, error)
SELECT d.id, 'mail', d.address, d.masked, CAST(d.entry_id AS text),
       CASE WHEN e.grouped THEN replace(e.title, '{count}', CAST(e.count AS text)) ELSE e.title END,
       CASE WHEN e.grouped THEN replace(e.body, '{count}', CAST(e.count AS text)) ELSE e.body END,
       e.href, e.at, d.state, d.attempts, d.created_at, d.created_at, d.next_try,
       CASE WHEN d.next_try IS NULL THEN coalesce(d.sent_at, d.created_at) END, d.error
FROM mail_delivery d JOIN entry e ON e.id = d.entry_id;
-- squawk-ignore ban-drop-table
DROP TABLE mail_delivery;
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

WATCHES = "(SELECT string_to_array(current_setting('app.roles', true), ',')) && ARRAY['operator', 'province']"

# Neither what it says nor the whole address.
API = f"""
CREATE POLICY api_watch ON delivery FOR SELECT TO notify_api USING ({WATCHES});
CREATE POLICY api_again ON delivery FOR UPDATE TO notify_api USING ({WATCHES});
GRANT SELECT (id, channel, masked, state, attempts, created_at, next_try, held_until, settled_at, error),
      UPDATE (state, tries, since, next_try, settled_at) ON delivery TO notify_api;
CREATE POLICY api_seen ON delivery_attempt FOR SELECT TO notify_api
    USING (EXISTS (SELECT FROM delivery d WHERE d.id = delivery_id));
GRANT SELECT ON delivery_attempt TO notify_api;
"""  # noqa: S608 - no input


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in ("delivery", "delivery_attempt"))
    for statement in schema.statements(TABLES + rights + API):
        op.execute(statement)
