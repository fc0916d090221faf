"""Of which deadlines offices were reminded: each step once; and what finds deadlines and lines that are overdue."""

from alembic import op

from chassis import schema

revision = "0185"
down_revision = "0184"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE reminder (
    office text COLLATE "C" NOT NULL,
    kind text NOT NULL CHECK (kind IN ('line', 'milestone', 'period', 'order')),
    thing uuid NOT NULL,
    deadline date NOT NULL,
    step bigint NOT NULL CHECK (step IN (-7, -3, -1, 1, 3, 7)),
    said_on date NOT NULL,
    PRIMARY KEY (thing, deadline, step, office, kind)
);
ALTER TABLE reminder ENABLE ROW LEVEL SECURITY;
ALTER TABLE reminder FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON reminder TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON reminder TO progress_worker;
CREATE INDEX line_due ON line (due) WHERE NOT withdrawn AND state IN ('not_started', 'in_progress');
CREATE INDEX line_red ON line (jurisdiction) WHERE NOT withdrawn AND light = 'red';
CREATE INDEX milestone_due ON milestone (due) WHERE done_on IS NULL;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES):
        op.execute(statement)
