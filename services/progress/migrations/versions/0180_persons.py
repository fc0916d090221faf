"""The people of each office as their tokens tell of them, and who goes on with its orders, filings, problems, cases."""

from alembic import op

from chassis import schema

revision = "0180"
down_revision = "0171"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE person (
    sub text PRIMARY KEY,
    account text NOT NULL CHECK (account <> ''),
    name text NOT NULL CHECK (name <> ''),
    office text COLLATE "C" NOT NULL,
    seen_on date NOT NULL
);
CREATE INDEX person_office ON person (office, name);
CREATE TABLE thing_person (
    kind text NOT NULL CHECK (kind IN ('filing', 'order', 'problem', 'case', 'replication', 'objection')),
    thing_id uuid NOT NULL,
    office text COLLATE "C" NOT NULL,
    person text NOT NULL CHECK (person <> ''),
    account text,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (office, kind, thing_id)
);
ALTER TABLE line_person ADD COLUMN account text;
ALTER TABLE handover ADD COLUMN giver_account text;
ALTER TABLE handover ADD COLUMN receiver_account text;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OWN = (
    f"office = CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))"
    " WHEN 'unit' THEN 'unit:' || (SELECT current_setting('app.unit', true)) END"
)
SELF = "sub = (SELECT current_setting('app.sub', true))"
GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
"""
POLICIES = f"""
CREATE POLICY api_read ON person FOR SELECT TO progress_api USING ({OWN} OR {SELF});
CREATE POLICY api_add ON person FOR INSERT TO progress_api WITH CHECK ({OWN} AND {SELF});
CREATE POLICY api_change ON person FOR UPDATE TO progress_api USING ({SELF}) WITH CHECK ({OWN} AND {SELF});
GRANT SELECT, INSERT, UPDATE ON person TO progress_api;

CREATE POLICY api_read ON thing_person FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit') OR {OWN});
CREATE POLICY api_add ON thing_person FOR INSERT TO progress_api WITH CHECK ({OWN});
CREATE POLICY api_change ON thing_person FOR UPDATE TO progress_api USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE (person, account, changed_by, changed_at) ON thing_person TO progress_api;

GRANT UPDATE (account) ON line_person TO progress_api;
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ("person", "thing_person"))
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
