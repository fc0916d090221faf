"""Group robots: where the news of an office are posted in the chats of its people."""

from alembic import op

from chassis import schema

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE robot (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    office text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    shown text NOT NULL,
    secret text NOT NULL DEFAULT '',
    signed boolean NOT NULL GENERATED ALWAYS AS (secret <> '') STORED,
    groups text[] NOT NULL DEFAULT '{}',
    paused boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX robot_office ON robot (office, id);

ALTER TABLE robot ENABLE ROW LEVEL SECURITY;
ALTER TABLE robot FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON robot TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON robot TO notify_worker;
"""

OFFICE = """office = (SELECT CASE current_setting('app.scope', true)
                          WHEN 'all' THEN 'role:province'
                          WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                          WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true) END)"""
ADMIN = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['admin']"

# Whoever has a robot's address can write to its chat: no process of the API reads it again.
API = f"""
CREATE POLICY api_own ON robot TO notify_api USING ({OFFICE} AND {ADMIN}) WITH CHECK ({OFFICE} AND {ADMIN});
GRANT SELECT (id, office, kind, name, shown, signed, groups, paused, version, created_at), INSERT, UPDATE, DELETE
    ON robot TO notify_api;

CREATE POLICY api_robots ON delivery FOR SELECT TO notify_api
    USING ({ADMIN} AND address IN (SELECT CAST(id AS text) FROM robot));
CREATE POLICY api_test ON delivery FOR INSERT TO notify_api
    WITH CHECK ({ADMIN} AND key LIKE 'test/%' AND address IN (SELECT CAST(id AS text) FROM robot));
GRANT SELECT (address), INSERT (channel, address, masked, key, title, body, href, at, since, next_try)
    ON delivery TO notify_api;
"""  # noqa: S608 - no input


def upgrade() -> None:
    for statement in schema.statements(TABLES + API):
        op.execute(statement)
