"""Exports of long lists: what the process has to make for whose session, and what people get of it."""

from alembic import op

from chassis import schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SUB = "(SELECT current_setting('app.sub', true))"
TABLES = f"""
CREATE TABLE export_task (
    id uuid PRIMARY KEY,
    owner text NOT NULL CHECK (owner <> ''),
    asked_at timestamptz NOT NULL,
    session_key bytea REFERENCES session (key) ON DELETE SET NULL,
    tries bigint NOT NULL DEFAULT 0,
    held_until timestamptz,
    worker text
);
CREATE INDEX export_task_owner ON export_task (owner, id);
CREATE INDEX export_task_asked_at ON export_task (asked_at);
CREATE INDEX export_task_session_key ON export_task (session_key) WHERE session_key IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON export_task TO portal_api;

CREATE TABLE export (
    id uuid PRIMARY KEY REFERENCES export_task (id) ON DELETE CASCADE,
    owner text NOT NULL DEFAULT current_setting('app.sub', true) CHECK (owner <> ''),
    list text NOT NULL,
    query text NOT NULL CHECK (length(query) <= 4000),
    language text NOT NULL CHECK (language IN ('zh', 'en')),
    done bigint NOT NULL DEFAULT 0,
    expected bigint,
    content bytea,
    failure text,
    ended_at timestamptz,
    seen boolean NOT NULL DEFAULT false
);
ALTER TABLE export ENABLE ROW LEVEL SECURITY;
ALTER TABLE export FORCE ROW LEVEL SECURITY;
CREATE POLICY api_own ON export TO portal_api USING (owner = {SUB}) WITH CHECK (owner = {SUB});
GRANT SELECT, INSERT, UPDATE (done, content, failure, ended_at, seen) ON export TO portal_api;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES):
        op.execute(statement)
