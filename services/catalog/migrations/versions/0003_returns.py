"""Plans that zones handed in are returned with remarks."""

from alembic import op

from chassis import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE edition ADD COLUMN returned_at timestamptz;
ALTER TABLE edition ADD COLUMN returned_by text;
ALTER TABLE edition ADD COLUMN remarks text;
ALTER TABLE manuscript ADD COLUMN returned_at timestamptz;
ALTER TABLE manuscript ADD COLUMN returned_by text;
ALTER TABLE manuscript ADD COLUMN remarks text;
"""


def upgrade() -> None:
    for statement in schema.statements(COLUMNS):
        op.execute(statement)
