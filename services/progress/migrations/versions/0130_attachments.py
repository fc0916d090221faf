"""Attachments of filings, orders, problems and cases, and the sets of them that are frozen with what was decided."""

from alembic import op

from chassis import schema

revision = "0130"
down_revision = "0123"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('filing', 'order', 'problem', 'case')),
    thing_id uuid NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    sha256 text NOT NULL,
    office text NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_by text,
    removed_at timestamptz,
    removal_reason text,
    version bigint NOT NULL DEFAULT 1,
    CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
    CHECK ((removed_at IS NULL) = (removal_reason IS NULL))
);
CREATE INDEX attachment_thing ON attachment (thing_id, id);
CREATE TABLE attachment_set (
    attachment_id uuid NOT NULL REFERENCES attachment (id),
    kind text NOT NULL,
    thing_id uuid NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (attachment_id, number)
);
CREATE INDEX attachment_set_thing ON attachment_set (thing_id, number);
CREATE TABLE loose_content (
    id uuid PRIMARY KEY,
    until timestamptz NOT NULL
);
CREATE INDEX loose_content_until ON loose_content (until);
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT ON {table} TO progress_api, progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OFFICE = f"""
    (SELECT CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                         WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)
                         WHEN 'all' THEN 'role:province' END)
"""
PROVINCE = f"{SCOPE} = 'all'"
ACTING = f"{SCOPE} IN ('all', 'tenant', 'unit')"
READING = f"{SCOPE} IN ('all', 'audit', 'tenant', 'unit')"
# The thing's own policy says whether it is there; of a filing that was not sent, its office alone sees more.
SEES = f"""
    {READING} AND CASE kind
        WHEN 'filing' THEN EXISTS (SELECT FROM filing f WHERE f.id = thing_id {{draft}})
        WHEN 'order' THEN EXISTS (SELECT FROM orders o WHERE o.id = thing_id)
        WHEN 'problem' THEN EXISTS (SELECT FROM problem p WHERE p.id = thing_id)
        WHEN 'case' THEN EXISTS (SELECT FROM innovation_case c WHERE c.id = thing_id) ELSE false END
"""  # noqa: S608
DRAFT = f"AND (f.state NOT IN ('open', 'returned', 'submitted') OR f.office = {OFFICE})"
WRITES = f"""
    office = {OFFICE} AND CASE kind
        WHEN 'filing' THEN EXISTS (SELECT FROM filing f WHERE f.id = thing_id AND f.office = {OFFICE}
                                   AND f.state IN ('open', 'returned'))
        WHEN 'order' THEN EXISTS (SELECT FROM orders o WHERE o.id = thing_id AND (
            {PROVINCE} AND o.state IN ('registered', 'concluded', 'verified')
            OR {OFFICE} = ANY(o.offices) AND o.state IN ('in_hand', 'extending')))
        WHEN 'problem' THEN EXISTS (SELECT FROM problem p WHERE p.id = thing_id AND p.ended_on IS NULL
                                    AND ({PROVINCE} OR {OFFICE} IN (p.raiser, p.addressee)))
        WHEN 'case' THEN EXISTS (SELECT FROM innovation_case c WHERE c.id = thing_id
                                 AND {OFFICE} = 'zone:' || c.zone AND c.state IN ('draft', 'returned'))
        ELSE false END
"""  # noqa: S608

POLICIES = f"""
CREATE POLICY api_read ON attachment_set FOR SELECT TO progress_api USING ({SEES.format(draft="")});
CREATE POLICY api_freeze ON attachment_set FOR INSERT TO progress_api
    WITH CHECK ({PROVINCE} OR kind = 'problem' AND EXISTS (
        SELECT FROM problem p WHERE p.id = thing_id AND p.raiser = {OFFICE}));
GRANT INSERT ON attachment_set TO progress_api;

CREATE POLICY api_read ON attachment FOR SELECT TO progress_api
    USING ({SEES.format(draft=DRAFT)} OR EXISTS (SELECT FROM attachment_set s WHERE s.attachment_id = attachment.id));
CREATE POLICY api_add ON attachment FOR INSERT TO progress_api WITH CHECK (removed_at IS NULL AND {WRITES});
CREATE POLICY api_remove ON attachment FOR UPDATE TO progress_api
    USING (removed_at IS NULL AND {WRITES}) WITH CHECK (removed_at IS NOT NULL AND {WRITES});
GRANT INSERT, UPDATE (removed_by, removed_at, removal_reason, version) ON attachment TO progress_api;

CREATE POLICY api_note ON loose_content TO progress_api USING ({ACTING}) WITH CHECK ({ACTING});
GRANT INSERT, DELETE ON loose_content TO progress_api;
GRANT DELETE ON loose_content TO progress_worker;
"""  # noqa: S608


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in ("attachment", "attachment_set", "loose_content"))
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
