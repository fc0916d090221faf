"""A comment may be withdrawn by its writer; who that was is known from the trail, and from now on beside it."""

from alembic import op

from chassis import schema

revision = "0220"
down_revision = "0210"
branch_labels = None
depends_on = None

LINE = "EXISTS (SELECT FROM line l WHERE l.id = line_id)"
OFFICE = """
    (SELECT CASE current_setting('app.scope', true)
            WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
            WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)
            WHEN 'all' THEN 'role:province' END)
"""
SELF = "writer IS NOT DISTINCT FROM (SELECT current_setting('app.sub', true))"
WITHDRAWN = f"""
ALTER TABLE line_comment ADD COLUMN writer text;
ALTER TABLE line_comment ADD COLUMN withdrawn_at timestamptz;
ALTER TABLE line_comment ALTER COLUMN writer SET DEFAULT current_setting('app.sub', true);
ALTER TABLE line_comment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit NO FORCE ROW LEVEL SECURITY;
UPDATE line_comment SET writer = audit.sub FROM audit
WHERE audit.action = 'comment.made' AND audit.thing_id = CAST(line_comment.id AS text);
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
ALTER TABLE line_comment FORCE ROW LEVEL SECURITY;
ALTER POLICY api_add ON line_comment WITH CHECK (office = {OFFICE} AND {SELF} AND {LINE});
CREATE POLICY api_withdraw ON line_comment FOR UPDATE TO progress_api USING ({SELF} AND {LINE});
GRANT UPDATE (withdrawn_at) ON line_comment TO progress_api;
"""  # noqa: S608


def upgrade() -> None:
    for statement in schema.statements(WITHDRAWN):
        op.execute(statement)
