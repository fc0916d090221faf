"""Each refusal of a replication stays with its reason, a late one is told of; a case is withdrawn, or retracted."""

from alembic import op

from chassis import schema

revision = "0182"
down_revision = "0181"
branch_labels = None
depends_on = None

SCOPE = "(SELECT current_setting('app.scope', true))"
TENANT = "(SELECT current_setting('app.tenant', true))"
UNIT = "(SELECT current_setting('app.unit', true))"
PROVINCE = f"{SCOPE} = 'all'"
OWN = f"({SCOPE} = 'tenant' AND zone = {TENANT})"
INVITED = f"({SCOPE} = 'unit' AND evaluators @> ARRAY[{UNIT}])"
TOOK_OVER = f"({SCOPE} = 'tenant' AND state = 'retracted' AND takers @> ARRAY[{TENANT}])"

CHANGES = f"""
CREATE TABLE replication_refusal (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL,
    zone text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    refused_on date NOT NULL,
    refused_by text NOT NULL,
    FOREIGN KEY (case_id, zone) REFERENCES replication (case_id, zone)
);
CREATE INDEX replication_refusal_case ON replication_refusal (case_id, zone, id);
ALTER TABLE replication NO FORCE ROW LEVEL SECURITY;
INSERT INTO replication_refusal (id, case_id, zone, origin, reason, refused_on, refused_by)
SELECT id, case_id, zone, origin, reason, coalesce(answered_on, CAST(updated_at AT TIME ZONE 'Asia/Shanghai' AS date)),
       coalesce(moved_by, '')
FROM replication WHERE state = 'declined';
ALTER TABLE replication FORCE ROW LEVEL SECURITY;
ALTER TABLE replication_refusal ENABLE ROW LEVEL SECURITY;
ALTER TABLE replication_refusal FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON replication_refusal TO progress_worker USING (true) WITH CHECK (true);
CREATE POLICY api_read ON replication_refusal FOR SELECT TO progress_api
    USING ({SCOPE} IN ('all', 'audit') OR ({SCOPE} = 'tenant' AND {TENANT} IN (zone, origin)));
CREATE POLICY api_refuse ON replication_refusal FOR INSERT TO progress_api
    WITH CHECK ({SCOPE} = 'tenant' AND zone = {TENANT});
GRANT SELECT, INSERT ON replication_refusal TO progress_api;
GRANT SELECT ON replication_refusal TO progress_worker;

ALTER TABLE replication ADD COLUMN late_on date;
GRANT UPDATE (late_on) ON replication TO progress_api;

-- squawk-ignore ban-drop-constraint
ALTER TABLE innovation_case DROP CONSTRAINT innovation_case_state_check;
-- squawk-ignore ban-drop-constraint
ALTER TABLE innovation_case DROP CONSTRAINT innovation_case_check1;
-- squawk-ignore ban-drop-constraint
ALTER TABLE innovation_case DROP CONSTRAINT innovation_case_check2;
-- squawk-ignore ban-drop-constraint
ALTER TABLE innovation_case DROP CONSTRAINT innovation_case_check4;
ALTER TABLE innovation_case
    ADD COLUMN takers text[] NOT NULL DEFAULT '{{}}',
    ADD CONSTRAINT case_state CHECK (state IN (
        'draft', 'submitted', 'evaluating', 'evaluated', 'returned', 'rejected', 'approved', 'published', 'retracted'
    )) NOT VALID,
    ADD CONSTRAINT case_reason CHECK (state NOT IN ('returned', 'rejected', 'retracted') OR reason <> '') NOT VALID,
    ADD CONSTRAINT case_level CHECK ((state IN ('approved', 'published', 'retracted')) = (level IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT case_published
        CHECK ((state IN ('published', 'retracted')) = (published_on IS NOT NULL)) NOT VALID;
GRANT UPDATE (takers) ON innovation_case TO progress_api;
ALTER POLICY api_read ON innovation_case
    USING ({SCOPE} IN ('all', 'audit') OR {OWN} OR {INVITED} OR {TOOK_OVER}
           OR (state = 'published' AND {SCOPE} IN ('tenant', 'unit', 'public')));
ALTER POLICY api_decide ON innovation_case
    USING ({PROVINCE} AND state NOT IN ('draft', 'returned', 'rejected', 'published', 'retracted'))
    WITH CHECK ({PROVINCE} AND state NOT IN ('draft', 'submitted', 'retracted'));
CREATE POLICY api_withdraw ON innovation_case FOR UPDATE TO progress_api
    USING ({OWN} AND state IN ('submitted', 'evaluating', 'evaluated')) WITH CHECK ({OWN} AND state = 'draft');
CREATE POLICY api_retract ON innovation_case FOR UPDATE TO progress_api
    USING ({PROVINCE} AND state = 'published') WITH CHECK ({PROVINCE} AND state = 'retracted');
"""  # noqa: S608


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
