"""A case moves by the table alone, in the database as well; a round ends when its case is withdrawn."""

from alembic import op

from chassis import schema

revision = "0186"
down_revision = "0185"
branch_labels = None
depends_on = None

SCOPE = "(SELECT current_setting('app.scope', true))"
TENANT = "(SELECT current_setting('app.tenant', true))"
PROVINCE = f"{SCOPE} = 'all'"
OWN = f"({SCOPE} = 'tenant' AND zone = {TENANT})"
EVALUATED = f"""
    ({SCOPE} = 'tenant'
     AND EXISTS (SELECT FROM innovation_case c WHERE c.id = case_id AND c.zone = {TENANT} AND c.state = 'evaluating'))
"""

MOVES = """
-- Policies do not see what a row was: what one of them lets begin, another one lets end elsewhere.
CREATE FUNCTION case_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'no such move of a case';
END $$;
CREATE TRIGGER case_moves BEFORE UPDATE ON innovation_case FOR EACH ROW
    WHEN (current_user = 'progress_api'
          AND (coalesce(current_setting('app.scope', true), ''), OLD.state, NEW.state) NOT IN (
              ('tenant', 'draft', 'draft'), ('tenant', 'draft', 'submitted'),
              ('tenant', 'returned', 'returned'), ('tenant', 'returned', 'submitted'),
              ('tenant', 'submitted', 'draft'), ('tenant', 'evaluating', 'draft'), ('tenant', 'evaluated', 'draft'),
              ('all', 'submitted', 'evaluating'), ('all', 'submitted', 'returned'), ('all', 'submitted', 'rejected'),
              ('all', 'evaluating', 'evaluated'),
              ('all', 'evaluated', 'evaluating'), ('all', 'evaluated', 'approved'),
              ('all', 'evaluated', 'returned'), ('all', 'evaluated', 'rejected'),
              ('all', 'approved', 'published'), ('all', 'published', 'retracted')))
    EXECUTE FUNCTION case_stays();
"""

ROUNDS = f"""
ALTER TABLE case_round
    ADD COLUMN withdrawn_on date,
    ADD CONSTRAINT case_round_end CHECK (withdrawn_on IS NULL OR concluded_on IS NULL) NOT VALID;
ALTER TABLE innovation_case NO FORCE ROW LEVEL SECURITY;
ALTER TABLE case_round NO FORCE ROW LEVEL SECURITY;
UPDATE case_round r SET withdrawn_on = CAST(c.updated_at AT TIME ZONE 'Asia/Shanghai' AS date)
FROM innovation_case c
WHERE c.id = r.case_id AND r.concluded_on IS NULL AND (c.state, c.round) <> ('evaluating', r.number);
UPDATE innovation_case SET evaluators = '{{}}' WHERE state = 'draft';
ALTER TABLE innovation_case FORCE ROW LEVEL SECURITY;
ALTER TABLE case_round FORCE ROW LEVEL SECURITY;
GRANT UPDATE (withdrawn_on) ON case_round TO progress_api;
ALTER POLICY api_conclude ON case_round
    USING ({PROVINCE} AND score IS NULL AND withdrawn_on IS NULL)
    WITH CHECK ({PROVINCE} AND score IS NOT NULL);
CREATE POLICY api_withdraw ON case_round FOR UPDATE TO progress_api
    USING ({EVALUATED} AND score IS NULL AND withdrawn_on IS NULL)
    WITH CHECK ({EVALUATED} AND score IS NULL AND withdrawn_on IS NOT NULL);
ALTER POLICY api_withdraw ON innovation_case WITH CHECK ({OWN} AND state = 'draft' AND evaluators = '{{}}');
"""  # noqa: S608


def upgrade() -> None:
    for statement in schema.statements(MOVES + ROUNDS):
        op.execute(statement)
