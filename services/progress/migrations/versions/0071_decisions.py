"""Meetings of the leading group and their decisions."""

from alembic import op

from chassis import schema

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE meeting (
    id uuid PRIMARY KEY,
    status text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'held')),
    title text NOT NULL,
    held_on date NOT NULL,
    agenda text[] NOT NULL CHECK (cardinality(agenda) > 0),
    prepared_by text NOT NULL,
    prepared_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX meeting_held_on ON meeting (held_on, id);
CREATE TABLE decision (
    id uuid PRIMARY KEY,
    meeting_id uuid NOT NULL REFERENCES meeting (id),
    meeting_title text NOT NULL,
    held_on date NOT NULL,
    number bigint NOT NULL,
    text text NOT NULL,
    office text NOT NULL,
    due date NOT NULL CHECK (due >= held_on),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'noted', 'ordered', 'proposed', 'done')),
    line_id uuid REFERENCES line (id),
    plan text REFERENCES plan (code),
    task_title text,
    outcome text,
    done_by text,
    done_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (meeting_id, number),
    CHECK ((plan IS NULL) = (task_title IS NULL)),
    CHECK ((status = 'done') = (outcome IS NOT NULL AND done_at IS NOT NULL))
);
CREATE INDEX decision_office ON decision (office, id);
CREATE INDEX decision_open ON decision (due, id) WHERE status <> 'done';
CREATE INDEX decision_line ON decision (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX decision_plan ON decision (plan) WHERE plan IS NOT NULL;
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} FOR SELECT TO progress_worker USING (true);
CREATE POLICY api_add ON {table} FOR INSERT TO progress_api
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'all');
GRANT SELECT, INSERT ON {table} TO progress_api;
GRANT SELECT ON {table} TO progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
LED = f"""({SCOPE} IN ('tenant', 'unit') AND office = CASE {SCOPE}
    WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))
    ELSE 'unit:' || (SELECT current_setting('app.unit', true)) END)"""

POLICIES = f"""
CREATE POLICY api_read ON meeting FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit'));
CREATE POLICY api_change ON meeting FOR UPDATE TO progress_api
    USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
GRANT UPDATE (status, title, held_on, agenda, version) ON meeting TO progress_api;

CREATE POLICY api_read ON decision FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit') OR {LED});
CREATE POLICY api_change ON decision FOR UPDATE TO progress_api
    USING ({SCOPE} = 'all' AND status <> 'done') WITH CHECK ({SCOPE} = 'all');
GRANT UPDATE (status, line_id, plan, task_title, outcome, done_by, done_at, version) ON decision TO progress_api;
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ("meeting", "decision"))
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
