"""Zones can be closed, with a reason, and opened again."""

from alembic import op

from chassis import schema

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CLOSED = """
ALTER TABLE zone ADD COLUMN closed_on date;
ALTER TABLE zone ADD COLUMN closed_reason text;
"""


def upgrade() -> None:
    for statement in schema.statements(CLOSED):
        op.execute(statement)
