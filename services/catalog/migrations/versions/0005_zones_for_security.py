"""The security administrator sees which zones there are, to grant them."""

from alembic import op

revision = "0005"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE POLICY api_security ON zone FOR SELECT TO catalog_api
            USING ((SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['security'])
        """
    )
