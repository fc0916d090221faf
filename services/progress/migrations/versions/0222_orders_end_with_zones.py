"""The worker ends the orders of a zone that is closed, and opens the decisions again that they came from."""

from alembic import op

from chassis import schema

revision = "0222"
down_revision = "0221"
branch_labels = None
depends_on = None

ENDING = """
GRANT UPDATE (ended_on, asked_deadline) ON orders TO progress_worker;
GRANT UPDATE (status, order_id) ON decision TO progress_worker;
"""


def upgrade() -> None:
    for statement in schema.statements(ENDING):
        op.execute(statement)
