"""What each entry of a line's history left, and the overview's cells as they were when a day ended."""

from alembic import op

from chassis import schema

revision = "0060"
down_revision = "0040"
branch_labels = None
depends_on = None

STOOD = """
ALTER TABLE line_history ADD COLUMN stood jsonb;
CREATE FUNCTION line_stood() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    SELECT jsonb_build_object('state', state, 'percent', percent, 'light', light, 'due', due, 'plan', plan,
                              'units', units, 'leads', leads, 'withdrawn', withdrawn)
    INTO NEW.stood FROM line WHERE id = NEW.line_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_stood BEFORE INSERT ON line_history FOR EACH ROW EXECUTE FUNCTION line_stood();
CREATE INDEX line_history_at ON line_history (line_id, at DESC, position DESC);
"""

FORMER = """
ALTER TABLE line NO FORCE ROW LEVEL SECURITY;
ALTER TABLE line_history NO FORCE ROW LEVEL SECURITY;
ALTER TABLE unit NO FORCE ROW LEVEL SECURITY;
UPDATE line_history h SET stood = (
    SELECT jsonb_object_agg(key, coalesce((
        SELECT CASE WHEN key IN ('units', 'leads')
                    THEN (SELECT coalesce(jsonb_agg(u.code ORDER BY place), '[]')
                          FROM jsonb_array_elements_text(change -> 'before') WITH ORDINALITY b(name, place)
                          JOIN unit u USING (name))
                    ELSE change -> 'before' END
        FROM line_history later CROSS JOIN LATERAL jsonb_array_elements(later.changes) change
        WHERE later.line_id = h.line_id AND later.position > h.position AND change ->> 'field' = key
        ORDER BY later.position LIMIT 1), value))
    FROM jsonb_each(jsonb_build_object('state', l.state, 'percent', l.percent, 'light', l.light, 'due', l.due,
                                       'plan', l.plan, 'units', l.units, 'leads', l.leads)))
    || jsonb_build_object('withdrawn', 'withdrawn' = (
        SELECT last.what FROM line_history last
        WHERE last.line_id = h.line_id AND last.position <= h.position
              AND last.what IN ('opened', 'withdrawn', 'reopened')
        ORDER BY last.position DESC LIMIT 1))
FROM line l WHERE l.id = h.line_id;
ALTER TABLE line FORCE ROW LEVEL SECURITY;
ALTER TABLE line_history FORCE ROW LEVEL SECURITY;
ALTER TABLE unit FORCE ROW LEVEL SECURITY;
"""

DAYS = """
CREATE TABLE closed_day (
    day date PRIMARY KEY,
    reconstructed boolean NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE day_cell (LIKE overview_cell, day date NOT NULL, PRIMARY KEY (jurisdiction, plan, unit, day));
"""

RIGHTS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON {table} TO progress_worker;
GRANT SELECT ON {table} TO progress_api;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
# A CASE, which the planner takes for half of the rows: an OR it takes for none, and then sorts a cell's days.
POLICIES = f"""
CREATE POLICY api_read ON closed_day FOR SELECT TO progress_api
    USING ({SCOPE} IN ('all', 'audit', 'tenant', 'unit'));
CREATE POLICY api_read ON day_cell FOR SELECT TO progress_api
    USING (CASE {SCOPE} WHEN 'all' THEN true WHEN 'audit' THEN true
                        WHEN 'tenant' THEN jurisdiction = (SELECT current_setting('app.tenant', true))
                        WHEN 'unit' THEN unit = (SELECT current_setting('app.unit', true)) ELSE false END);
"""


def upgrade() -> None:
    rights = "".join(RIGHTS.format(table=table) for table in ("closed_day", "day_cell"))
    for statement in schema.statements(STOOD + FORMER + DAYS + rights + POLICIES):
        op.execute(statement)
