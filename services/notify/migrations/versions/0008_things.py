"""Entries know the thing that they are about, whether they are its newest, whether they tell of something late, and for
whom in an office they are.

What a worker of the release before still writes is shown as a row of its own.
"""

from alembic import op

from chassis import schema

revision = "0008"
down_revision = "0010"
branch_labels = None
depends_on = None

CHANGES = """
ALTER TABLE entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entry ADD COLUMN thing text NOT NULL DEFAULT '', ADD COLUMN latest boolean NOT NULL DEFAULT false,
    ADD COLUMN late boolean NOT NULL DEFAULT false, ADD COLUMN level text CHECK (level IN ('writer'));
UPDATE entry SET late = split_part(kind, '.', 2) IN ('overdue', 'long_overdue', 'urged'),
    thing = CASE WHEN kind IN ('line.opened', 'line.withdrawn') THEN 'lines/' || split_part(key, '/', 2)
                 WHEN kind LIKE 'missing_value.%' THEN 'missing_values/' || split_part(key, '/', 2) ELSE href END;
UPDATE entry SET latest = true
WHERE id IN (SELECT DISTINCT ON (audience, thing) id FROM entry ORDER BY audience, thing, position DESC);
ALTER TABLE entry FORCE ROW LEVEL SECURITY;
ALTER TABLE entry ALTER COLUMN thing SET DEFAULT CAST(uuidv7() AS text), ALTER COLUMN latest SET DEFAULT true;
CREATE INDEX entry_thing ON entry (audience, thing, position);
CREATE UNIQUE INDEX entry_newest ON entry (audience, thing) WHERE latest;
CREATE INDEX entry_latest ON entry (audience, position) WHERE latest;
CREATE INDEX entry_late ON entry (audience, position) WHERE latest AND late;
CREATE INDEX entry_settling ON entry (thing) WHERE late;
"""


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
