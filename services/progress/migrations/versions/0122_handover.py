"""Who is responsible for a line within an office, and what was handed over to whom (工作交接)."""

from alembic import op

from chassis import schema

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE line_person (
    line_id uuid NOT NULL REFERENCES line (id),
    office text COLLATE "C" NOT NULL,
    person text NOT NULL CHECK (person <> ''),
    version bigint NOT NULL DEFAULT 1,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (line_id, office)
);
CREATE INDEX line_person_person ON line_person (office, person);
CREATE TABLE handover (
    id uuid PRIMARY KEY,
    office text COLLATE "C" NOT NULL,
    giver text NOT NULL,
    receiver text NOT NULL CHECK (receiver <> giver),
    reason text NOT NULL,
    things jsonb NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX handover_office ON handover (office, id);
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OWN = (
    f"office = CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))"
    " WHEN 'unit' THEN 'unit:' || (SELECT current_setting('app.unit', true)) END"
)
GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY api_read ON {table} FOR SELECT TO progress_api USING ({scope} IN ('all', 'audit') OR {own});
CREATE POLICY api_add ON {table} FOR INSERT TO progress_api WITH CHECK ({own});
GRANT SELECT, INSERT ON {table} TO progress_api;
"""
CHANGES = f"""
CREATE POLICY api_change ON line_person FOR UPDATE TO progress_api USING ({OWN}) WITH CHECK ({OWN});
GRANT UPDATE (person, version, changed_by, changed_at) ON line_person TO progress_api;
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table, scope=SCOPE, own=OWN) for table in ("line_person", "handover"))
    for statement in schema.statements(TABLES + guarded + CHANGES):
        op.execute(statement)
