"""The order that a decision of a meeting became. No row from before has one, so nothing is left to validate."""

from alembic import op

from chassis import schema

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE decision ADD COLUMN order_id uuid;
ALTER TABLE decision ADD CONSTRAINT decision_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;
ALTER TABLE decision ADD CONSTRAINT decision_ordered CHECK (status <> 'ordered' OR order_id IS NOT NULL) NOT VALID;
CREATE UNIQUE INDEX decision_order ON decision (order_id) WHERE order_id IS NOT NULL;
GRANT UPDATE (order_id) ON decision TO progress_api;
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
