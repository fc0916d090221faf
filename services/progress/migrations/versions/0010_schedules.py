"""Schedules run by the province: its settings, deadlines that it moves, lines that stand still or were once red."""

from alembic import op

from chassis import schema

revision = "0010"
down_revision = "0003"
branch_labels = None
depends_on = None

SETTINGS = """
CREATE TABLE thresholds (
    name text PRIMARY KEY,
    near_days bigint NOT NULL CHECK (near_days BETWEEN 0 AND 365),
    behind_percent bigint NOT NULL CHECK (behind_percent BETWEEN 0 AND 100),
    stalled_days bigint NOT NULL CHECK (stalled_days BETWEEN 1 AND 3650),
    version bigint NOT NULL DEFAULT 1,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO thresholds (name, near_days, behind_percent, stalled_days, changed_by)
VALUES ('lights', 30, 0, 60, 'system');
CREATE TABLE plan_template (
    plan text PRIMARY KEY,
    stages jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE calendar_year (
    year bigint PRIMARY KEY CHECK (year BETWEEN 2000 AND 2100),
    days jsonb NOT NULL,
    settled boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE landing_goal (
    plan text NOT NULL,
    jurisdiction text NOT NULL,
    start_on date,
    stages jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (plan, jurisdiction)
);
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
PROVINCE = f"{SCOPE} = 'all'"

GUARDED = f"""
ALTER TABLE {{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {{table}} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {{table}} FOR SELECT TO progress_worker USING (true);
CREATE POLICY api_read ON {{table}} FOR SELECT TO progress_api USING ({SCOPE} IN ('all', 'audit', 'tenant', 'unit'));
CREATE POLICY api_add ON {{table}} FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
CREATE POLICY api_change ON {{table}} FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
GRANT SELECT ON {{table}} TO progress_worker;
GRANT SELECT, INSERT, UPDATE ON {{table}} TO progress_api;
"""

MARKS = """
ALTER TABLE line ADD COLUMN moved_on date NOT NULL DEFAULT '2021-01-23', ADD COLUMN stalled_on date,
    ADD COLUMN red_on date, ADD COLUMN confirmed_on date;
ALTER TABLE line NO FORCE ROW LEVEL SECURITY;
ALTER TABLE line_history NO FORCE ROW LEVEL SECURITY;
UPDATE line SET
    moved_on = coalesce((SELECT CAST(max(h.at) AT TIME ZONE 'Asia/Shanghai' AS date) FROM line_history h
                         WHERE h.line_id = line.id AND h.what <> 'light_changed'), opened_on),
    red_on = CASE WHEN light = 'red' THEN light_on ELSE
        (SELECT CAST(min(h.at) AT TIME ZONE 'Asia/Shanghai' AS date) FROM line_history h
         WHERE h.line_id = line.id AND h.changes @> '[{"field": "light", "after": "red"}]') END,
    confirmed_on = CASE WHEN state = 'confirmed' THEN
        (SELECT CAST(max(h.at) AT TIME ZONE 'Asia/Shanghai' AS date) FROM line_history h
         WHERE h.line_id = line.id AND h.what = 'report_confirmed') END;
ALTER TABLE line_history FORCE ROW LEVEL SECURITY;
ALTER TABLE line FORCE ROW LEVEL SECURITY;
-- squawk-ignore ban-drop-default
ALTER TABLE line ALTER COLUMN moved_on DROP DEFAULT;
CREATE FUNCTION line_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.light = 'red' THEN
        NEW.red_on := coalesce(NEW.red_on, NEW.light_on);
    END IF;
    NEW.confirmed_on := CASE WHEN NEW.state = 'confirmed' THEN coalesce(NEW.confirmed_on, NEW.light_on) END;
    RETURN NEW;
END
$$;
CREATE TRIGGER line_marks BEFORE INSERT OR UPDATE OF state, light ON line FOR EACH ROW EXECUTE FUNCTION line_marks();
CREATE INDEX line_moved_on ON line (moved_on)
    WHERE stalled_on IS NULL AND NOT withdrawn AND state IN ('not_started', 'in_progress');
CREATE INDEX line_stalled ON line (moved_on) WHERE stalled_on IS NOT NULL;
GRANT UPDATE (moved_on, stalled_on) ON line TO progress_api;

ALTER TABLE milestone ADD COLUMN reminded_on date;
CREATE INDEX milestone_overdue ON milestone (due) WHERE done_on IS NULL AND reminded_on IS NULL;
GRANT UPDATE (reminded_on) ON milestone TO progress_api;
GRANT UPDATE (reminded_on, version) ON milestone TO progress_worker;
"""

MOVES = f"""
-- squawk-ignore ban-drop-constraint
ALTER TABLE extension DROP CONSTRAINT extension_check;
-- squawk-ignore ban-drop-constraint
ALTER TABLE extension DROP CONSTRAINT extension_status_check;
ALTER TABLE extension
    ADD CONSTRAINT extension_status CHECK (status IN ('asked', 'approved', 'refused', 'moved')) NOT VALID,
    ADD CONSTRAINT extension_deadline
        CHECK (deadline > before OR (status = 'moved' AND deadline <> before)) NOT VALID;
CREATE POLICY api_move ON extension FOR INSERT TO progress_api WITH CHECK (status = 'moved' AND {PROVINCE});
"""


def upgrade() -> None:
    guarded = "".join(
        GUARDED.format(table=table) for table in ("thresholds", "plan_template", "calendar_year", "landing_goal")
    )
    for statement in schema.statements(SETTINGS + guarded + MARKS + MOVES):
        op.execute(statement)
