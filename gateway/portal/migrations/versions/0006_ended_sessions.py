"""Sessions know Keycloak's own session, with which they end; those from before end with their tokens."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE session ADD COLUMN sid text")
    op.execute("CREATE INDEX session_sid ON session (sid)")
