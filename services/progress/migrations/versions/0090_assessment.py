"""Assessments: schemes, scores by hand, published results with their facts, objections."""

from alembic import op

from chassis import schema

revision = "0090"
down_revision = "0060"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE assessment (
    id uuid PRIMARY KEY,
    year bigint NOT NULL UNIQUE,
    title text NOT NULL,
    items jsonb NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'announced', 'published', 'final')),
    published_on date,
    objections_until date,
    version bigint NOT NULL DEFAULT 1
);
CREATE TABLE assessment_score (
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    office text COLLATE "C" NOT NULL,
    item text NOT NULL,
    score numeric(5, 2) NOT NULL CHECK (score BETWEEN 0 AND 100),
    reason text NOT NULL CHECK (reason <> ''),
    by text NOT NULL,
    PRIMARY KEY (assessment_id, office, item)
);
CREATE TABLE assessment_result (
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    office text COLLATE "C" NOT NULL,
    item text NOT NULL,
    score numeric(5, 2) CHECK (score BETWEEN 0 AND 100),
    facts jsonb NOT NULL,
    corrected boolean NOT NULL DEFAULT false,
    reason text,
    by text,
    PRIMARY KEY (assessment_id, office, item)
);
CREATE TABLE objection (
    id uuid PRIMARY KEY,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    office text COLLATE "C" NOT NULL,
    item text NOT NULL,
    text text NOT NULL,
    raised_by text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    answer text CHECK (answer <> ''),
    answered_by text,
    answered_at timestamptz,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX objection_assessment ON objection (assessment_id, office, id);
CREATE UNIQUE INDEX objection_open ON objection (assessment_id, office, item) WHERE answer IS NULL;
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY api_read ON {table} FOR SELECT TO progress_api USING ({reads});
CREATE POLICY api_province ON {table} TO progress_api USING ({province}) WITH CHECK ({province});
GRANT SELECT, INSERT ON {table} TO progress_api;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
PROVINCE = f"{SCOPE} = 'all'"
OWN = (
    f"office = CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))"
    " WHEN 'unit' THEN 'unit:' || (SELECT current_setting('app.unit', true)) END"
)
AUDITED = f"{SCOPE} = 'audit'"
TOLD = "EXISTS (SELECT FROM assessment a WHERE a.id = assessment_id AND a.status IN ('published', 'final'))"

READS = {
    "assessment": f"{AUDITED} OR ({SCOPE} IN ('tenant', 'unit') AND status <> 'draft')",
    "assessment_score": AUDITED,
    "assessment_result": f"{AUDITED} OR {OWN}",
    "objection": f"{AUDITED} OR {OWN}",
}

CHANGES = f"""
GRANT UPDATE (title, items, status, published_on, objections_until, version) ON assessment TO progress_api;
GRANT UPDATE (score, reason, by) ON assessment_score TO progress_api;
GRANT UPDATE (score, corrected, reason, by) ON assessment_result TO progress_api;
GRANT UPDATE (answer, answered_by, answered_at, version) ON objection TO progress_api;
CREATE POLICY api_object ON objection FOR INSERT TO progress_api WITH CHECK (answer IS NULL AND {OWN} AND {TOLD});
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table, reads=reads, province=PROVINCE) for table, reads in READS.items())
    for statement in schema.statements(TABLES + guarded + CHANGES):
        op.execute(statement)
