"""What people say to each other about a line (讨论)."""

from alembic import op

from chassis import schema

revision = "0210"
down_revision = "0190"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE line_comment (
    id uuid PRIMARY KEY,
    line_id uuid NOT NULL REFERENCES line (id),
    office text COLLATE "C" NOT NULL,
    author text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    mentions jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX line_comment_line ON line_comment (line_id, id);
ALTER TABLE line_comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE line_comment FORCE ROW LEVEL SECURITY;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OFFICE = f"""
    (SELECT CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                         WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)
                         WHEN 'all' THEN 'role:province' END)
"""
# Who sees the line is said by the line's own policy.
LINE = "EXISTS (SELECT FROM line l WHERE l.id = line_id)"
POLICIES = f"""
CREATE POLICY api_read ON line_comment FOR SELECT TO progress_api
    USING ({SCOPE} IN ('all', 'audit', 'tenant', 'unit') AND {LINE});
CREATE POLICY api_add ON line_comment FOR INSERT TO progress_api WITH CHECK (office = {OFFICE} AND {LINE});
GRANT SELECT, INSERT ON line_comment TO progress_api;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLE + POLICIES):
        op.execute(statement)
