"""A zone that names a new day is reminded of that one anew."""

from alembic import op

revision = "0182"
down_revision = "0181"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (reminded_on, escalated_on) ON replication TO progress_api")
