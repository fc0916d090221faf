"""The security administrator manages people, and so adds to the audit trail."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SECURITY = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['security']"


def upgrade() -> None:
    op.execute(f"CREATE POLICY api_security ON audit_chain TO catalog_api USING ({_SECURITY}) WITH CHECK ({_SECURITY})")
