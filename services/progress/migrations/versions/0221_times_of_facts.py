"""Times in the facts of bulletins are written as everywhere else: with a T (ISO 8601)."""

from alembic import op

from chassis import schema

revision = "0221"
down_revision = "0220"
branch_labels = None
depends_on = None

WRITTEN = (
    "ALTER TABLE bulletin_fact NO FORCE ROW LEVEL SECURITY;"
    + "".join(
        f"""
UPDATE bulletin_fact SET fact = jsonb_set(fact, '{path}', to_jsonb(replace(fact #>> '{path}', ' ', 'T')))
WHERE fact #>> '{path}' LIKE '% %';
"""  # noqa: S608
        for path in ("{report,decided_at}", "{filing,approved_at}")
    )
    + "ALTER TABLE bulletin_fact FORCE ROW LEVEL SECURITY;"
)


def upgrade() -> None:
    for statement in schema.statements(WRITTEN):
        op.execute(statement)
