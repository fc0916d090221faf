"""A line knows the standing of its latest report and whose it is, so that desks judge by the line alone."""

from alembic import op

from chassis import schema

revision = "0189"
down_revision = "0188"
branch_labels = None
depends_on = None

LATEST = """
ALTER TABLE line ADD COLUMN report_status text;
ALTER TABLE line ADD COLUMN report_office text;
ALTER TABLE line NO FORCE ROW LEVEL SECURITY;
ALTER TABLE report NO FORCE ROW LEVEL SECURITY;
UPDATE line SET (report_status, report_office) =
    (SELECT status, office FROM report WHERE line_id = line.id ORDER BY number DESC LIMIT 1);
ALTER TABLE report FORCE ROW LEVEL SECURITY;
ALTER TABLE line FORCE ROW LEVEL SECURITY;
CREATE OR REPLACE FUNCTION line_reported() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT submitted_at, status, office INTO NEW.reported_at, NEW.report_status, NEW.report_office
    FROM report WHERE line_id = NEW.id ORDER BY number DESC LIMIT 1;
    RETURN NEW;
END
$$;
"""


def upgrade() -> None:
    for statement in schema.statements(LATEST):
        op.execute(statement)
