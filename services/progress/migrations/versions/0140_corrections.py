"""Members attach to the filings that they take part in, everybody reads what published cases attach, results have
their instant.
"""

from alembic import op

from chassis import schema

revision = "0140"
down_revision = "0130"
branch_labels = None
depends_on = None

SCOPE = "(SELECT current_setting('app.scope', true))"
UNIT = "(SELECT current_setting('app.unit', true))"
MEMBER = f"""
    kind = 'filing' AND {SCOPE} = 'unit' AND attachment.office = 'unit:' || {UNIT} AND EXISTS (
        SELECT FROM filing f JOIN line l ON l.id = f.line_id WHERE f.id = thing_id AND {UNIT} = ANY(l.units){{open}})
"""
GIVES = MEMBER.format(open=" AND f.state IN ('open', 'returned')")

CHANGES = f"""
CREATE POLICY api_part_read ON attachment FOR SELECT TO progress_api USING ({MEMBER.format(open="")});
CREATE POLICY api_part_add ON attachment FOR INSERT TO progress_api WITH CHECK (removed_at IS NULL AND {GIVES});
CREATE POLICY api_part_remove ON attachment FOR UPDATE TO progress_api
    USING (removed_at IS NULL AND {GIVES}) WITH CHECK (removed_at IS NOT NULL AND {GIVES});

CREATE FUNCTION filing_hold(held uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM filing WHERE id = held FOR UPDATE
$$;
REVOKE EXECUTE ON FUNCTION filing_hold FROM PUBLIC;
GRANT EXECUTE ON FUNCTION filing_hold TO progress_api;

CREATE POLICY api_public ON attachment_set FOR SELECT TO progress_api
    USING ({SCOPE} = 'public' AND kind = 'case' AND EXISTS (SELECT FROM innovation_case c WHERE c.id = thing_id));

ALTER TABLE assessment_result ADD COLUMN taken_at timestamptz;
ALTER TABLE assessment_result ALTER COLUMN taken_at SET DEFAULT clock_timestamp();
"""  # noqa: S608


def upgrade() -> None:
    for statement in schema.statements(CHANGES):
        op.execute(statement)
