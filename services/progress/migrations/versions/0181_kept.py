"""Milestones are changed in place and know when they were recorded as reached; members' parts freeze with a version."""

from alembic import op

from chassis import schema

revision = "0181"
down_revision = "0180"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE milestone ADD COLUMN recorded_at timestamptz;
GRANT UPDATE (position, title, weight, recorded_at) ON milestone TO progress_api;
ALTER TABLE filing_version ADD COLUMN parts jsonb NOT NULL DEFAULT '[]';
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
