"""Facts that the province exempts from a scoring item (容错), and that it lifted such an exemption."""

from alembic import op

from chassis import schema

revision = "0120"
down_revision = "0111"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE exemption (
    id uuid PRIMARY KEY,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    office text COLLATE "C" NOT NULL,
    item text NOT NULL,
    fact text NOT NULL,
    title text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    lifted_reason text CHECK (lifted_reason <> ''),
    lifted_by text,
    lifted_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK ((lifted_at IS NULL) = (lifted_reason IS NULL) AND (lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE INDEX exemption_assessment ON exemption (assessment_id, office, id);
CREATE UNIQUE INDEX exemption_standing ON exemption (assessment_id, office, item, fact) WHERE lifted_at IS NULL;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
PROVINCE = f"{SCOPE} = 'all'"
OWN = (
    f"office = CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || (SELECT current_setting('app.tenant', true))"
    " WHEN 'unit' THEN 'unit:' || (SELECT current_setting('app.unit', true)) END"
)
ANNOUNCED = "EXISTS (SELECT FROM assessment a WHERE a.id = assessment_id AND a.status = 'announced')"

POLICIES = f"""
ALTER TABLE exemption ENABLE ROW LEVEL SECURITY;
ALTER TABLE exemption FORCE ROW LEVEL SECURITY;
CREATE POLICY api_read ON exemption FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit') OR {OWN});
CREATE POLICY api_grant ON exemption FOR INSERT TO progress_api WITH CHECK ({PROVINCE} AND {ANNOUNCED});
CREATE POLICY api_lift ON exemption FOR UPDATE TO progress_api
    USING ({PROVINCE} AND lifted_at IS NULL AND {ANNOUNCED}) WITH CHECK ({PROVINCE});
GRANT SELECT, INSERT, UPDATE (lifted_reason, lifted_by, lifted_at, version) ON exemption TO progress_api;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES + POLICIES):
        op.execute(statement)
