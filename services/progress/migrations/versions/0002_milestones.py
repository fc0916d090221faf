"""Schedules of lines: milestones, the first deadline, extensions."""

from alembic import op

from chassis import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE schedule (
    line_id uuid PRIMARY KEY REFERENCES line (id),
    first_deadline date NOT NULL
);
CREATE TABLE milestone (
    id uuid PRIMARY KEY,
    line_id uuid NOT NULL REFERENCES line (id),
    position bigint NOT NULL,
    title text NOT NULL,
    due date NOT NULL,
    weight bigint NOT NULL CHECK (weight BETWEEN 1 AND 1000),
    done_on date,
    note text,
    done_by text,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX milestone_line ON milestone (line_id, due, position);
CREATE TABLE extension (
    id uuid PRIMARY KEY,
    line_id uuid NOT NULL REFERENCES line (id),
    number bigint NOT NULL,
    status text NOT NULL DEFAULT 'asked' CHECK (status IN ('asked', 'approved', 'refused')),
    before date NOT NULL,
    deadline date NOT NULL CHECK (deadline > before),
    cause text NOT NULL,
    office text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by text,
    decided_at timestamptz,
    remark text CHECK (status <> 'refused' OR remark <> ''),
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (line_id, number)
);
CREATE UNIQUE INDEX extension_asked ON extension (line_id) WHERE status = 'asked';
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
CREATE POLICY api_read ON {table} FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM line WHERE line.id = line_id));
GRANT SELECT ON {table} TO progress_api, progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OWN_ZONE = f"({SCOPE} = 'tenant' AND jurisdiction = (SELECT current_setting('app.tenant', true)))"
LEADS = f"({SCOPE} = 'unit' AND (SELECT current_setting('app.unit', true)) = ANY(leads))"
OFFICE = (
    f"EXISTS (SELECT FROM line WHERE line.id = line_id AND ({OWN_ZONE} OR ({LEADS} AND jurisdiction = 'province')))"
)
PROVINCE = f"{SCOPE} = 'all'"

POLICIES = f"""
CREATE POLICY api_set ON schedule FOR INSERT TO progress_api WITH CHECK ({PROVINCE} OR {OFFICE});
GRANT INSERT ON schedule TO progress_api;

CREATE POLICY api_place ON milestone FOR INSERT TO progress_api
    WITH CHECK (done_on IS NULL AND ({PROVINCE} OR {OFFICE}));
CREATE POLICY api_change ON milestone FOR UPDATE TO progress_api
    USING (done_on IS NULL AND ({PROVINCE} OR {OFFICE})) WITH CHECK ({PROVINCE} OR {OFFICE});
CREATE POLICY api_remove ON milestone FOR DELETE TO progress_api USING (done_on IS NULL AND ({PROVINCE} OR {OFFICE}));
GRANT INSERT, DELETE, UPDATE (due, done_on, note, done_by, version) ON milestone TO progress_api;

CREATE POLICY api_ask ON extension FOR INSERT TO progress_api WITH CHECK (status = 'asked' AND {OFFICE});
CREATE POLICY api_decide ON extension FOR UPDATE TO progress_api
    USING (status = 'asked' AND {PROVINCE}) WITH CHECK (status <> 'asked' AND {PROVINCE});
GRANT INSERT, UPDATE (status, decided_by, decided_at, remark, version) ON extension TO progress_api;

ALTER POLICY api_office ON line
    WITH CHECK (({OWN_ZONE} OR {LEADS}) AND NOT withdrawn AND state IN ('not_started', 'in_progress', 'submitted'));
GRANT UPDATE (due) ON line TO progress_api;
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ("schedule", "milestone", "extension"))
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
