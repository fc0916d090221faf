"""How people want to be told, the news that wait for that, and the work calendar that they go by."""

from alembic import op

from chassis import schema

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE preference (
    sub text PRIMARY KEY,
    choices jsonb NOT NULL,
    quiet_begins time,
    quiet_ends time,
    working_days_only boolean NOT NULL,
    rhythm text NOT NULL CHECK (rhythm IN ('daily', 'weekly')),
    weekday bigint NOT NULL CHECK (weekday BETWEEN 1 AND 5),
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    version bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    CHECK ((quiet_begins IS NULL) = (quiet_ends IS NULL))
);

CREATE TABLE waiting (
    sub text NOT NULL,
    entry_id uuid NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    since timestamptz NOT NULL,
    due timestamptz,
    PRIMARY KEY (sub, entry_id)
);
CREATE INDEX waiting_entry ON waiting (entry_id);
CREATE INDEX waiting_due ON waiting (due);
CREATE INDEX waiting_digest ON waiting (since) WHERE due IS NULL;

CREATE TABLE digest (
    sub text PRIMARY KEY,
    day date NOT NULL
);

CREATE TABLE calendar_year (
    year bigint PRIMARY KEY,
    days jsonb NOT NULL
);

ALTER TABLE mail_request ADD COLUMN thing text;
CREATE INDEX mail_request_thing ON mail_request (thing, addressed_at);
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

API = """
CREATE POLICY api_own ON preference TO notify_api
    USING (sub = (SELECT current_setting('app.sub', true)))
    WITH CHECK (sub = (SELECT current_setting('app.sub', true)));
GRANT SELECT, INSERT, UPDATE ON preference TO notify_api;
"""

OWN = ("preference", "waiting", "digest", "calendar_year")


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in OWN)
    for statement in schema.statements(TABLES + rights + API):
        op.execute(statement)
