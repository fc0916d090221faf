"""What is written in a zone that is closed is refused, whoever writes it; its lines are out of the way, and stay."""

from alembic import op

from chassis import schema

revision = "0190"
down_revision = "0189"
branch_labels = None
depends_on = None

CLOSED = """
ALTER TABLE zone ADD COLUMN closed_on date;
ALTER TABLE zone ADD COLUMN closed_reason text;
ALTER TABLE line ADD COLUMN closed boolean NOT NULL DEFAULT false;
CREATE FUNCTION must_be_open(tenant text) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    closed text := (SELECT name FROM zone WHERE code = tenant AND closed_on IS NOT NULL);
BEGIN
    IF closed IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'ZP001', MESSAGE = closed;
    END IF;
END $$;
CREATE FUNCTION audit_in_open_zone() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM must_be_open(NEW.tenant);
    RETURN NEW;
END $$;
-- Nothing is changed without an entry of the trail. What the platform itself does is done by nobody's leave.
CREATE TRIGGER audit_in_open_zone BEFORE INSERT ON audit FOR EACH ROW
    WHEN (NEW.tenant IS NOT NULL AND NEW.sub <> 'system') EXECUTE FUNCTION audit_in_open_zone();
"""


def upgrade() -> None:
    for statement in schema.statements(CLOSED):
        op.execute(statement)
