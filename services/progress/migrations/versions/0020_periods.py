"""Reporting periods: what each line owes, the way of what is filed, what was approved, counts kept by a trigger."""

from alembic import op

from chassis import schema

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE period (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('month', 'quarter', 'year', 'adhoc')),
    title text NOT NULL,
    starts date NOT NULL,
    ends date NOT NULL CHECK (ends >= starts),
    due date NOT NULL,
    grace date NOT NULL CHECK (grace >= due),
    locks date NOT NULL CHECK (locks >= grace),
    plans text[] NOT NULL,
    reason text NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reminded text NOT NULL DEFAULT '' CHECK (reminded IN ('', 'due_soon', 'overdue')),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX period_reminded ON period (due) WHERE reminded <> 'overdue';

CREATE TABLE filing (
    id uuid PRIMARY KEY,
    period_id uuid NOT NULL REFERENCES period (id),
    line_id uuid NOT NULL REFERENCES line (id),
    jurisdiction text COLLATE "C" NOT NULL,
    plan text COLLATE "C" NOT NULL,
    office text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'submitted', 'checked', 'accepted', 'approved', 'returned')),
    percent bigint NOT NULL CHECK (percent BETWEEN 0 AND 100),
    done text NOT NULL,
    problems text NOT NULL,
    next_steps text NOT NULL,
    finished boolean NOT NULL DEFAULT false,
    unchanged boolean NOT NULL DEFAULT false,
    remarks jsonb NOT NULL DEFAULT '[]',
    saved_by text,
    saved_at timestamptz,
    received_on date,
    on_time boolean,
    returns bigint NOT NULL DEFAULT 0,
    reopened_until date,
    approved bigint NOT NULL DEFAULT 0,
    excused boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (line_id, period_id)
);
CREATE INDEX filing_period ON filing (period_id, id);
CREATE INDEX filing_office ON filing (office, id) WHERE state <> 'approved';
CREATE INDEX filing_decide ON filing (id) WHERE state IN ('checked', 'accepted');

CREATE TABLE filing_version (
    filing_id uuid NOT NULL REFERENCES filing (id),
    number bigint NOT NULL,
    percent bigint NOT NULL,
    done text NOT NULL,
    problems text NOT NULL,
    next_steps text NOT NULL,
    finished boolean NOT NULL,
    expected_percent bigint,
    confidence text NOT NULL CHECK (confidence IN ('high', 'medium', 'low')),
    disagrees boolean NOT NULL,
    remark text NOT NULL,
    reason text NOT NULL CHECK (number = 1 OR reason <> ''),
    report_id uuid REFERENCES report (id),
    approved_by text NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (filing_id, number)
);

CREATE TABLE filing_part (
    filing_id uuid NOT NULL REFERENCES filing (id),
    unit text NOT NULL,
    text text NOT NULL,
    written_by text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (filing_id, unit)
);

CREATE TABLE filing_query (
    id uuid PRIMARY KEY,
    filing_id uuid NOT NULL REFERENCES filing (id),
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'answered', 'lapsed')),
    question text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    answer text CHECK (status <> 'answered' OR answer <> ''),
    answered_by text,
    answered_at timestamptz
);
CREATE UNIQUE INDEX filing_query_live ON filing_query (filing_id, kind) WHERE status <> 'lapsed';

CREATE TABLE filing_step (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    filing_id uuid NOT NULL REFERENCES filing (id),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL,
    actor text NOT NULL,
    office text NOT NULL,
    remark text NOT NULL,
    remarks jsonb NOT NULL DEFAULT '[]',
    until date
);
CREATE INDEX filing_step_filing ON filing_step (filing_id, position);

CREATE TABLE period_cell (
    period_id uuid NOT NULL,
    office text COLLATE "C" NOT NULL,
    plan text COLLATE "C" NOT NULL,
    expected bigint NOT NULL,
    received bigint NOT NULL,
    on_time bigint NOT NULL,
    approved bigint NOT NULL,
    PRIMARY KEY (period_id, office, plan)
) WITH (fillfactor = 50);
"""

COUNTS = """
CREATE FUNCTION period_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO period_cell AS cell
    SELECT period_id, office, plan, sum(by), sum(by * CAST(received_on IS NOT NULL AS integer)),
           sum(by * CAST(coalesce(on_time, false) AS integer)), sum(by * CAST(approved > 0 AS integer))
    FROM (
        SELECT -1 AS by, OLD.period_id, OLD.office, OLD.plan, OLD.received_on, OLD.on_time, OLD.approved
        WHERE NOT OLD.excused
        UNION ALL
        SELECT 1, NEW.period_id, NEW.office, NEW.plan, NEW.received_on, NEW.on_time, NEW.approved
        WHERE NOT NEW.excused
    ) filing
    GROUP BY period_id, office, plan
    ON CONFLICT (period_id, office, plan) DO UPDATE SET
        expected = cell.expected + excluded.expected, received = cell.received + excluded.received,
        on_time = cell.on_time + excluded.on_time, approved = cell.approved + excluded.approved;
    RETURN NULL;
END
$$;
-- Deferred for the same reason as overview_follow: by then the heads of the audit chains are held.
CREATE CONSTRAINT TRIGGER period_follow_rows AFTER INSERT ON filing DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION period_follow();
CREATE CONSTRAINT TRIGGER period_follow_changes AFTER UPDATE ON filing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.received_on, OLD.on_time, OLD.approved, OLD.excused)
          IS DISTINCT FROM (NEW.received_on, NEW.on_time, NEW.approved, NEW.excused))
    EXECUTE FUNCTION period_follow();

CREATE FUNCTION filing_excuse() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE filing SET excused = true WHERE line_id = NEW.id AND received_on IS NULL AND NOT excused;
    RETURN NULL;
END
$$;
CREATE TRIGGER filing_excuse AFTER UPDATE ON line FOR EACH ROW
    WHEN ((NEW.withdrawn AND NOT OLD.withdrawn) OR (NEW.state = 'suspended' AND OLD.state <> 'suspended'))
    EXECUTE FUNCTION filing_excuse();
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
CREATE POLICY api_read ON {table} FOR SELECT TO progress_api USING ({seen});
GRANT SELECT ON {table} TO progress_api, progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
PROVINCE = f"{SCOPE} = 'all'"
READS_ALL = f"{SCOPE} IN ('all', 'audit')"
UNIT = "(SELECT current_setting('app.unit', true))"
ADMIN = "(SELECT 'admin' = ANY(string_to_array(current_setting('app.roles', true), ',')))"
OWN = """office = (SELECT CASE current_setting('app.scope', true)
    WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
    WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true) END)"""
OF_FILING = "EXISTS (SELECT FROM filing WHERE filing.id = filing_id{})"
OWN_FILING = OF_FILING.format(f" AND filing.{OWN}")
TAKES_PART = f"""{SCOPE} = 'unit' AND unit = {UNIT} AND EXISTS (
    SELECT FROM filing JOIN line ON line.id = filing.line_id
    WHERE filing.id = filing_id AND {UNIT} = ANY(line.units) AND filing.state IN ('open', 'returned'))"""
OFFICE = f"{OWN} AND (state IN ('open', 'returned', 'submitted') OR (state = 'checked' AND {ADMIN}))"
SEEN = {
    "period": f"{READS_ALL} OR EXISTS (SELECT FROM filing WHERE filing.period_id = period.id)",
    "filing": "EXISTS (SELECT FROM line WHERE line.id = line_id)",
    **dict.fromkeys(("filing_version", "filing_part", "filing_query", "filing_step"), OF_FILING.format("")),
    "period_cell": f"{READS_ALL} OR {OWN}",
}

POLICIES = f"""
CREATE POLICY owner ON filing TO progress_owner USING (true) WITH CHECK (true);
CREATE POLICY owner ON period_cell TO progress_owner USING (true) WITH CHECK (true);

CREATE POLICY api_open ON period FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
GRANT INSERT ON period TO progress_api;
GRANT UPDATE (reminded, version) ON period TO progress_worker;

CREATE POLICY api_open ON filing FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
CREATE POLICY api_province ON filing FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
CREATE POLICY api_office ON filing FOR UPDATE TO progress_api USING ({OFFICE}) WITH CHECK ({OFFICE});
GRANT INSERT, UPDATE (state, percent, done, problems, next_steps, finished, unchanged, remarks, saved_by, saved_at,
    received_on, on_time, returns, reopened_until, approved, excused, version) ON filing TO progress_api;

CREATE POLICY api_approve ON filing_version FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
GRANT INSERT ON filing_version TO progress_api;
CREATE POLICY api_approve ON report FOR INSERT TO progress_api WITH CHECK ({PROVINCE} AND status = 'confirmed');

CREATE POLICY api_give ON filing_part FOR INSERT TO progress_api WITH CHECK ({TAKES_PART});
CREATE POLICY api_change ON filing_part FOR UPDATE TO progress_api USING ({TAKES_PART}) WITH CHECK ({TAKES_PART});
GRANT INSERT, UPDATE (text, written_by, written_at) ON filing_part TO progress_api;

CREATE POLICY api_doubt ON filing_query FOR INSERT TO progress_api WITH CHECK (status = 'open' AND {OWN_FILING});
CREATE POLICY api_answer ON filing_query FOR UPDATE TO progress_api
    USING (status = 'open' AND {OWN_FILING}) WITH CHECK (status <> 'open' AND {OWN_FILING});
GRANT INSERT, UPDATE (status, answer, answered_by, answered_at) ON filing_query TO progress_api;

CREATE POLICY api_add ON filing_step FOR INSERT TO progress_api WITH CHECK ({PROVINCE} OR {OWN_FILING});
GRANT INSERT ON filing_step TO progress_api;
"""


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table, seen=seen) for table, seen in SEEN.items())
    for statement in schema.statements(TABLES + COUNTS + guarded + POLICIES):
        op.execute(statement)
