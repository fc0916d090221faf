"""Bulletins and the facts that their sentences rest on."""

from alembic import op

from chassis import schema

revision = "0070"
down_revision = "0050"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE bulletin (
    id uuid PRIMARY KEY,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'published', 'cancelled')),
    year bigint,
    number bigint,
    title text NOT NULL,
    since date NOT NULL,
    until date NOT NULL CHECK (until >= since),
    plans text[] NOT NULL,
    zones text[] NOT NULL,
    parts jsonb NOT NULL,
    sentences bigint[] NOT NULL,
    readers text[] NOT NULL DEFAULT '{}',
    corrects uuid REFERENCES bulletin (id),
    corrects_name text,
    drafted_by text NOT NULL,
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_by text,
    published_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (year, number),
    CHECK ((status = 'published') = (number IS NOT NULL AND published_at IS NOT NULL AND cardinality(readers) > 0))
);
CREATE INDEX bulletin_corrects ON bulletin (corrects) WHERE corrects IS NOT NULL;
CREATE TABLE bulletin_fact (
    bulletin_id uuid NOT NULL REFERENCES bulletin (id),
    position bigint NOT NULL,
    line_id uuid NOT NULL REFERENCES line (id),
    sentences bigint[] NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (bulletin_id, position)
);
CREATE INDEX bulletin_fact_line ON bulletin_fact (line_id);
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} FOR SELECT TO progress_worker USING (true);
GRANT SELECT ON {table} TO progress_api, progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
PROVINCE = f"{SCOPE} = 'all'"
ADDRESSED = f"""(
    {SCOPE} IN ('tenant', 'unit') AND status = 'published' AND readers && ARRAY['all', CASE {SCOPE}
        WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))
        ELSE 'unit:' || (SELECT current_setting('app.unit', true)) END]
)"""

POLICIES = f"""
CREATE POLICY api_read ON bulletin FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit') OR {ADDRESSED});
CREATE POLICY api_draft ON bulletin FOR INSERT TO progress_api WITH CHECK (status = 'draft' AND {PROVINCE});
CREATE POLICY api_change ON bulletin FOR UPDATE TO progress_api
    USING (status = 'draft' AND {PROVINCE}) WITH CHECK ({PROVINCE});
GRANT INSERT, UPDATE (status, year, number, title, parts, readers, published_by, published_at, version)
    ON bulletin TO progress_api;

CREATE POLICY api_read ON bulletin_fact FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM bulletin b WHERE b.id = bulletin_id)
           AND EXISTS (SELECT FROM line WHERE line.id = line_id));
CREATE POLICY api_add ON bulletin_fact FOR INSERT TO progress_api
    WITH CHECK (EXISTS (SELECT FROM bulletin b WHERE b.id = bulletin_id AND b.status = 'draft') AND {PROVINCE});
GRANT INSERT ON bulletin_fact TO progress_api;
"""  # noqa: S608


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ("bulletin", "bulletin_fact"))
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
