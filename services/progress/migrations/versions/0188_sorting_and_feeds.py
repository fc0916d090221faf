"""Lines are sorted by what their list offers, an index each; people have a feed of their deadlines each."""

from alembic import op

from chassis import schema

revision = "0188"
down_revision = "0187"
branch_labels = None
depends_on = None

REPORTED = """
ALTER TABLE line ADD COLUMN reported_at timestamptz;
ALTER TABLE line NO FORCE ROW LEVEL SECURITY;
ALTER TABLE report NO FORCE ROW LEVEL SECURITY;
UPDATE line SET reported_at =
    (SELECT submitted_at FROM report WHERE line_id = line.id ORDER BY number DESC LIMIT 1);
ALTER TABLE report FORCE ROW LEVEL SECURITY;
ALTER TABLE line FORCE ROW LEVEL SECURITY;
CREATE FUNCTION line_reported() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.reported_at := (SELECT submitted_at FROM report WHERE line_id = NEW.id ORDER BY number DESC LIMIT 1);
    RETURN NEW;
END
$$;
CREATE TRIGGER line_reported BEFORE UPDATE OF state ON line FOR EACH ROW EXECUTE FUNCTION line_reported();
"""

KEYS = {
    "due": "coalesce(due, DATE 'infinity')",
    "state": "array_position(ARRAY['not_started', 'in_progress', 'submitted', 'confirmed', 'suspended'], state)",
    "percent": "percent",
    "unit": """(leads[1]) COLLATE "C" """,
    "reported": "coalesce(reported_at, TIMESTAMPTZ '-infinity')",
}
INDEX = """
CREATE INDEX line_by_{name} ON line (({key}), plan_rank, task_number, jurisdiction, id) WHERE NOT withdrawn;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
SELF = "sub = (SELECT current_setting('app.sub', true))"
RIGHTS = (
    f"scope = {SCOPE} AND tenant = (SELECT current_setting('app.tenant', true))"
    " AND unit = (SELECT current_setting('app.unit', true))"
)
FEEDS = f"""
CREATE TABLE calendar_feed (
    sub text PRIMARY KEY CHECK (sub <> ''),
    key bytea NOT NULL UNIQUE CHECK (length(key) = 32),
    scope text NOT NULL DEFAULT current_setting('app.scope', true),
    tenant text NOT NULL DEFAULT current_setting('app.tenant', true),
    unit text NOT NULL DEFAULT current_setting('app.unit', true),
    seen_on date NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE calendar_feed ENABLE ROW LEVEL SECURITY;
ALTER TABLE calendar_feed FORCE ROW LEVEL SECURITY;
CREATE POLICY api_read ON calendar_feed FOR SELECT TO progress_api USING ({SELF} OR {SCOPE} = 'public');
CREATE POLICY api_add ON calendar_feed FOR INSERT TO progress_api WITH CHECK ({SELF} AND {RIGHTS});
CREATE POLICY api_change ON calendar_feed FOR UPDATE TO progress_api USING ({SELF}) WITH CHECK ({SELF} AND {RIGHTS});
CREATE POLICY api_remove ON calendar_feed FOR DELETE TO progress_api USING ({SELF});
GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_feed TO progress_api;
"""


def upgrade() -> None:
    indexes = "".join(INDEX.format(name=name, key=key) for name, key in KEYS.items())
    for statement in schema.statements(REPORTED + indexes + FEEDS):
        op.execute(statement)
