"""A check on entry that asks about other numbers than before is a query of its own."""

from alembic import op

from chassis import schema

revision = "0170"
down_revision = "0140"
branch_labels = None
depends_on = None

INDEX = """
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX filing_query_live;
CREATE UNIQUE INDEX filing_query_live ON filing_query (filing_id, kind, question) WHERE status <> 'lapsed';
"""


def upgrade() -> None:
    for statement in schema.statements(INDEX):
        op.execute(statement)
