"""Filled sheets of a period's filings; periods from before the portal, whose filings are taken over."""

from alembic import op

from chassis import schema

revision = "0100"
down_revision = "0090"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE period ADD COLUMN takeover boolean NOT NULL DEFAULT false;
ALTER TABLE filing_version ADD COLUMN taken_over boolean NOT NULL DEFAULT false;
CREATE TABLE filing_sheet (
    id uuid PRIMARY KEY,
    period_id uuid NOT NULL REFERENCES period (id),
    office text COLLATE "C" NOT NULL,
    filename text NOT NULL,
    sha256 text NOT NULL,
    rows jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (period_id, office, sha256)
);
"""

OWN = """office = (SELECT CASE current_setting('app.scope', true)
    WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
    WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)
    WHEN 'all' THEN 'role:province' END)"""
POLICIES = f"""
ALTER TABLE filing_sheet ENABLE ROW LEVEL SECURITY;
ALTER TABLE filing_sheet FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON filing_sheet TO progress_worker USING (true) WITH CHECK (true);
CREATE POLICY api_own ON filing_sheet TO progress_api USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE (rows) ON filing_sheet TO progress_api;
GRANT SELECT ON filing_sheet TO progress_worker;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES + POLICIES):
        op.execute(statement)
