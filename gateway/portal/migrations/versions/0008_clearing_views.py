"""What is shared with an office can be removed by its administrators, when who shared it has left."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADMIN = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['admin']"
"""The policy by which colleagues read what is shared holds too: an administrator removes only what it sees."""


def upgrade() -> None:
    op.execute(f"CREATE POLICY api_clear ON saved_view FOR DELETE TO portal_api USING (shared AND {ADMIN})")
