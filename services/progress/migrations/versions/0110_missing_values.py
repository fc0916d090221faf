"""Since when an indicator is in use, and which missing values an office was reminded of."""

from alembic import op

from chassis import schema

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE indicator ADD COLUMN confirmed_on date;
ALTER TABLE indicator NO FORCE ROW LEVEL SECURITY;
ALTER TABLE indicator_version NO FORCE ROW LEVEL SECURITY;
UPDATE indicator SET confirmed_on = (
    SELECT max(CAST(at AT TIME ZONE 'Asia/Shanghai' AS date)) FROM indicator_version
    WHERE indicator = code AND what = 'confirmed');
ALTER TABLE indicator_version FORCE ROW LEVEL SECURITY;
ALTER TABLE indicator FORCE ROW LEVEL SECURITY;
GRANT UPDATE (confirmed_on) ON indicator TO progress_api;

CREATE TABLE value_reminder (
    indicator text COLLATE "C" NOT NULL REFERENCES indicator (code),
    jurisdiction text COLLATE "C" NOT NULL,
    start date NOT NULL,
    id uuid NOT NULL,
    reminded text NOT NULL CHECK (reminded IN ('due_soon', 'overdue')),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (indicator, jurisdiction, start)
);
ALTER TABLE value_reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE value_reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON value_reminder TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON value_reminder TO progress_worker;
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
