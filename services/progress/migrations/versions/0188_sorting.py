"""Lines know when they were reported last, and are sorted by what their list offers; an index each."""

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


def upgrade() -> None:
    indexes = "".join(INDEX.format(name=name, key=key) for name, key in KEYS.items())
    for statement in schema.statements(REPORTED + indexes):
        op.execute(statement)
