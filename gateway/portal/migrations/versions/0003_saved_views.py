"""Saved views of lists: everybody's own, and those that somebody of the same office shares."""

from alembic import op

from chassis import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SUB = "(SELECT current_setting('app.sub', true))"
SCOPE = "current_setting('app.scope', true)"
OFFICE = (
    f"CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)"
    f" WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)"
    f" WHEN 'all' THEN 'role:province' WHEN 'audit' THEN 'role:auditor' END"
)
TABLES = f"""
CREATE TABLE saved_view (
    id uuid PRIMARY KEY,
    owner text NOT NULL DEFAULT current_setting('app.sub', true) CHECK (owner <> ''),
    owner_name text NOT NULL,
    office text NOT NULL DEFAULT {OFFICE},
    name text NOT NULL CHECK (name <> '' AND length(name) <= 60),
    query text NOT NULL CHECK (query <> '' AND length(query) <= 4000),
    shared boolean NOT NULL,
    standard boolean NOT NULL DEFAULT false,
    UNIQUE (owner, name)
);
CREATE UNIQUE INDEX saved_view_standard ON saved_view (owner) WHERE standard;
CREATE INDEX saved_view_shared ON saved_view (office) WHERE shared;
ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY;
ALTER TABLE saved_view FORCE ROW LEVEL SECURITY;
CREATE POLICY api_read ON saved_view FOR SELECT TO portal_api
    USING (owner = {SUB} OR (shared AND office = (SELECT {OFFICE})));
CREATE POLICY api_add ON saved_view FOR INSERT TO portal_api
    WITH CHECK (owner = {SUB} AND office = (SELECT {OFFICE}));
CREATE POLICY api_change ON saved_view FOR UPDATE TO portal_api
    USING (owner = {SUB}) WITH CHECK (owner = {SUB} AND (NOT shared OR office = (SELECT {OFFICE})));
CREATE POLICY api_remove ON saved_view FOR DELETE TO portal_api USING (owner = {SUB});
GRANT SELECT, INSERT, DELETE, UPDATE (name, query, shared, standard, office) ON saved_view TO portal_api;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES):
        op.execute(statement)
