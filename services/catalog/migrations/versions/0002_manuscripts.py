"""Plans are written here: manuscripts and the sheets for them; further plans say for which zones they are."""

from alembic import op

from chassis import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE plan ADD COLUMN zones text[] NOT NULL DEFAULT '{}';

CREATE TABLE manuscript (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    plan text NOT NULL UNIQUE,
    tenant text,
    name text NOT NULL,
    zones text[] NOT NULL,
    tasks jsonb,
    import_id uuid REFERENCES import (id),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by text NOT NULL
);

CREATE TABLE sheet (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    plan text NOT NULL,
    tenant text,
    filename text NOT NULL,
    sha256 text NOT NULL,
    rows jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    UNIQUE (plan, sha256)
);
"""

RIGHTS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO catalog_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO catalog_worker;
CREATE POLICY api_province ON {table} TO catalog_api
    USING ((SELECT current_setting('app.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'all');
CREATE POLICY api_city ON {table} TO catalog_api
    USING (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND tenant = (SELECT current_setting('app.tenant', true))
    )
    WITH CHECK (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND plan = tenant
        AND tenant = (SELECT current_setting('app.tenant', true))
    );
GRANT SELECT, INSERT, UPDATE ON {table} TO catalog_api;
"""


def upgrade() -> None:
    rights = "".join(RIGHTS.format(table=table) for table in ("manuscript", "sheet"))
    for statement in schema.statements(TABLES + rights):
        op.execute(statement)
