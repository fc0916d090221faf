"""Sessions know whose they are, to renew the tokens of somebody whose rights have changed; those from before do not."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE session ADD COLUMN sub text")
    op.execute("CREATE INDEX session_sub ON session (sub)")
