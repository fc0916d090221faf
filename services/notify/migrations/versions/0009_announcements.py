"""Announcements of the province: whom they are for, who has read them, what is to be told; the offices there are."""

from alembic import op

from chassis import schema

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE office (
    audience text PRIMARY KEY,
    name text NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE announcement (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    status text NOT NULL DEFAULT 'draft'
        CHECK (status IN ('draft', 'published', 'replaced', 'withdrawn', 'cancelled')),
    edition bigint NOT NULL DEFAULT 1,
    title text NOT NULL,
    text text NOT NULL,
    shown_until date NOT NULL,
    must_confirm boolean NOT NULL,
    addressed text[] NOT NULL,
    corrects uuid REFERENCES announcement (id),
    reason text CHECK ((reason IS NULL) = (corrects IS NULL)),
    drafted_by text NOT NULL,
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_by text,
    published_at timestamptz,
    withdrawn_by text,
    withdrawn_at timestamptz,
    withdrawal_reason text,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX announcement_status ON announcement (status, id);
CREATE INDEX announcement_corrects ON announcement (corrects);
CREATE INDEX announcement_shown_until ON announcement (shown_until) WHERE status = 'published';

CREATE FUNCTION announcement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published announcement does not change';
END
$$;
CREATE TRIGGER announcement_stays BEFORE UPDATE ON announcement FOR EACH ROW
    WHEN (OLD.status <> 'draft'
          AND (OLD.title, OLD.text, OLD.shown_until, OLD.must_confirm, OLD.addressed, OLD.reason)
              IS DISTINCT FROM (NEW.title, NEW.text, NEW.shown_until, NEW.must_confirm, NEW.addressed, NEW.reason))
    EXECUTE FUNCTION announcement_stays();

CREATE TABLE announcement_office (
    announcement_id uuid NOT NULL REFERENCES announcement (id),
    office text NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (announcement_id, office)
);
CREATE INDEX announcement_office_office ON announcement_office (office, announcement_id);

CREATE TABLE announcement_reading (
    announcement_id uuid NOT NULL REFERENCES announcement (id),
    sub text NOT NULL,
    office text NOT NULL,
    read_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    confirmed_at timestamptz,
    PRIMARY KEY (announcement_id, sub)
);
CREATE INDEX announcement_reading_office ON announcement_reading (announcement_id, office);

CREATE TABLE announcement_notice (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    announcement_id uuid NOT NULL REFERENCES announcement (id),
    kind text NOT NULL CHECK (kind IN ('published', 'withdrawn', 'reminder', 'expiring')),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    told_at timestamptz
);
CREATE INDEX announcement_notice_announcement ON announcement_notice (announcement_id, kind);
CREATE UNIQUE INDEX announcement_notice_once ON announcement_notice (announcement_id) WHERE kind = 'expiring';
CREATE INDEX announcement_notice_due ON announcement_notice (id) WHERE told_at IS NULL;
"""

WORKER = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO notify_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO notify_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
SUB = "(SELECT current_setting('app.sub', true))"
ROLES = "(SELECT string_to_array(current_setting('app.roles', true), ','))"
OWN = """(SELECT CASE current_setting('app.scope', true)
                 WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                 WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true) END)"""
ADDRESSED = f"EXISTS (SELECT FROM announcement_office o WHERE o.announcement_id = {{id}} AND o.office = {OWN})"

# Whom else it is for and who has read it is no office's to know.
API = f"""
CREATE POLICY api_read ON office FOR SELECT TO notify_api
    USING ({SCOPE} IN ('all', 'audit') OR {ROLES} @> ARRAY['security']);
GRANT SELECT ON office TO notify_api;

CREATE POLICY api_all ON announcement TO notify_api USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
CREATE POLICY api_audit ON announcement FOR SELECT TO notify_api USING ({SCOPE} = 'audit');
CREATE POLICY api_office ON announcement FOR SELECT TO notify_api USING ({ADDRESSED.format(id="id")});
GRANT SELECT, INSERT, UPDATE ON announcement TO notify_api;

CREATE POLICY api_all ON announcement_office TO notify_api USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
CREATE POLICY api_audit ON announcement_office FOR SELECT TO notify_api USING ({SCOPE} = 'audit');
CREATE POLICY api_own ON announcement_office FOR SELECT TO notify_api USING (office = {OWN});
GRANT SELECT, INSERT ON announcement_office TO notify_api;

CREATE POLICY api_read ON announcement_reading FOR SELECT TO notify_api USING ({SCOPE} IN ('all', 'audit'));
CREATE POLICY api_own ON announcement_reading TO notify_api
    USING (sub = {SUB} AND office = {OWN})
    WITH CHECK (sub = {SUB} AND office = {OWN} AND {ADDRESSED.format(id="announcement_reading.announcement_id")});
GRANT SELECT, INSERT, UPDATE (confirmed_at) ON announcement_reading TO notify_api;

CREATE POLICY api_all ON announcement_notice TO notify_api USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
CREATE POLICY api_audit ON announcement_notice FOR SELECT TO notify_api USING ({SCOPE} = 'audit');
GRANT SELECT, INSERT ON announcement_notice TO notify_api;
"""

OWN_TABLES = ("office", "announcement", "announcement_office", "announcement_reading", "announcement_notice")


def upgrade() -> None:
    rights = "".join(WORKER.format(table=table) for table in OWN_TABLES)
    for statement in schema.statements(TABLES + rights + API):
        op.execute(statement)
