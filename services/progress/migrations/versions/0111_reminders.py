"""What was reminded of by the clock: unanswered replications, problems and decisions that are due."""

from alembic import op

from chassis import schema

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE replication ADD COLUMN reminded_on date, ADD COLUMN escalated_on date;

ALTER TABLE problem ADD COLUMN reminded text NOT NULL DEFAULT ''
    CHECK (reminded IN ('', 'due_soon', 'overdue', 'long_overdue'));
CREATE INDEX problem_unanswered ON problem (answer_due) WHERE state = 'open' AND reminded <> 'long_overdue';
GRANT UPDATE (reminded) ON problem TO progress_api;
GRANT UPDATE (reminded, updated_at, version) ON problem TO progress_worker;
GRANT INSERT ON problem_entry TO progress_worker;

ALTER TABLE decision ADD COLUMN reminded text NOT NULL DEFAULT '' CHECK (reminded IN ('', 'due_soon', 'overdue'));
CREATE INDEX decision_unreminded ON decision (due) WHERE status <> 'done' AND reminded <> 'overdue';
CREATE POLICY worker_remind ON decision FOR UPDATE TO progress_worker USING (true) WITH CHECK (true);
GRANT UPDATE (reminded, version) ON decision TO progress_worker;
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
