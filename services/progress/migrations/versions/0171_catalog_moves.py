"""The worker keeps what the catalog does to deadlines: the first one, and each change."""

from alembic import op

revision = "0171"
down_revision = "0170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT INSERT ON schedule, extension TO progress_worker")
