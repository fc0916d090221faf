"""Dead letters are rows too: an operator looks at them, retries or discards them."""

from alembic import op

from chassis import schema

revision = "0184"
down_revision = "0182"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in schema.dead_letters("progress"):
        op.execute(statement)
