"""Webhooks that fail rest as a whole, so that what waits for a dead receiver takes no room from others."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE webhook ADD COLUMN resting_until timestamptz")
