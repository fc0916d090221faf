"""Dead letters are rows too: an operator looks at them, retries or discards them."""

from alembic import op

from chassis import schema

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in schema.dead_letters("notify"):
        op.execute(statement)
