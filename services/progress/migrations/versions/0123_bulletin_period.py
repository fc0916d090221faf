"""The reporting period that a bulletin tells of. No row from before has one, so nothing is left to validate."""

from alembic import op

from chassis import schema

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE bulletin ADD COLUMN period_id uuid;
ALTER TABLE bulletin ADD CONSTRAINT bulletin_period_id_fkey FOREIGN KEY (period_id) REFERENCES period (id) NOT VALID;
CREATE INDEX bulletin_period ON bulletin (period_id) WHERE period_id IS NOT NULL;
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
