"""Progress: its copy of the catalog, lines with reports and history, the overview kept by triggers."""

from alembic import op

from chassis import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

COPY = """
CREATE TABLE zone (
    code text COLLATE "C" PRIMARY KEY,
    id uuid,
    name text NOT NULL,
    kind text NOT NULL,
    city text,
    version bigint NOT NULL
);
CREATE TABLE unit (
    code text PRIMARY KEY,
    id uuid,
    name text NOT NULL,
    kind text NOT NULL,
    aliases text[] NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE plan (
    code text PRIMARY KEY,
    id uuid,
    number bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('special', 'zone', 'additional')),
    rank bigint GENERATED ALWAYS AS (
        CASE kind WHEN 'special' THEN 0 WHEN 'zone' THEN 1 ELSE 2 END * 1000000 + number
    ) STORED,
    version bigint NOT NULL
);
CREATE TABLE task (
    code text PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    number bigint NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    plan text NOT NULL REFERENCES plan (code),
    responsibilities jsonb NOT NULL,
    zones text[] NOT NULL,
    due date,
    edition bigint,
    withdrawn boolean NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX task_plan ON task (plan);
"""

LINES = """
CREATE TABLE line (
    id uuid PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL,
    task text NOT NULL REFERENCES task (code),
    plan text NOT NULL REFERENCES plan (code),
    plan_rank bigint NOT NULL,
    task_number bigint NOT NULL,
    units text[] NOT NULL,
    leads text[] NOT NULL CHECK (leads <@ units),
    due date,
    state text NOT NULL CHECK (state IN ('not_started', 'in_progress', 'submitted', 'confirmed', 'suspended')),
    percent bigint NOT NULL CHECK (percent BETWEEN 0 AND 100),
    light text NOT NULL CHECK (light IN ('green', 'yellow', 'red', 'blue')),
    light_on date NOT NULL,
    opened_on date NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (jurisdiction, task)
);
CREATE INDEX line_order ON line (plan_rank, task_number, jurisdiction, id) WHERE NOT withdrawn;
CREATE INDEX line_order_within ON line (jurisdiction, plan_rank, task_number, id) WHERE NOT withdrawn;
CREATE INDEX line_task ON line (task);
CREATE INDEX line_plan ON line (plan);
CREATE INDEX line_units ON line USING gin (units);
CREATE INDEX line_light_on ON line (light_on) WHERE due IS NOT NULL AND NOT withdrawn AND state <> 'confirmed';

CREATE TABLE report (
    id uuid PRIMARY KEY,
    line_id uuid NOT NULL REFERENCES line (id),
    number bigint NOT NULL,
    status text NOT NULL DEFAULT 'submitted' CHECK (status IN ('submitted', 'confirmed', 'returned', 'replaced')),
    percent bigint NOT NULL CHECK (percent BETWEEN 0 AND 100),
    done text NOT NULL,
    problems text NOT NULL,
    next_steps text NOT NULL,
    finished boolean NOT NULL CHECK (NOT finished OR percent = 100),
    office text NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    decided_by text,
    decided_at timestamptz,
    remark text,
    reason text CHECK (status <> 'returned' OR reason <> ''),
    review jsonb,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (line_id, number)
);
CREATE UNIQUE INDEX report_undecided ON report (line_id) WHERE status = 'submitted';

CREATE TABLE line_history (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    line_id uuid NOT NULL REFERENCES line (id),
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    what text NOT NULL,
    actor text NOT NULL,
    office text NOT NULL,
    report_id uuid REFERENCES report (id),
    edition bigint,
    reason text,
    changes jsonb NOT NULL
);
CREATE INDEX line_history_line ON line_history (line_id, position);
"""

OVERVIEW = """
CREATE TABLE overview_cell (
    jurisdiction text COLLATE "C" NOT NULL,
    plan text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    lines bigint NOT NULL,
    percent_sum bigint NOT NULL,
    not_started bigint NOT NULL,
    in_progress bigint NOT NULL,
    submitted bigint NOT NULL,
    confirmed bigint NOT NULL,
    suspended bigint NOT NULL,
    green bigint NOT NULL,
    yellow bigint NOT NULL,
    red bigint NOT NULL,
    blue bigint NOT NULL,
    last_change timestamptz NOT NULL,
    PRIMARY KEY (jurisdiction, plan, unit)
) WITH (fillfactor = 50);
CREATE INDEX overview_cell_unit ON overview_cell (unit);

CREATE FUNCTION overview_follow() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO overview_cell AS cell
    SELECT jurisdiction, plan, unit, sum(by), sum(by * percent),
           sum(by * CAST(state = 'not_started' AS integer)), sum(by * CAST(state = 'in_progress' AS integer)),
           sum(by * CAST(state = 'submitted' AS integer)), sum(by * CAST(state = 'confirmed' AS integer)),
           sum(by * CAST(state = 'suspended' AS integer)),
           sum(by * CAST(light = 'green' AS integer)), sum(by * CAST(light = 'yellow' AS integer)),
           sum(by * CAST(light = 'red' AS integer)), sum(by * CAST(light = 'blue' AS integer)),
           clock_timestamp()
    FROM (
        SELECT -1 AS by, OLD.jurisdiction, OLD.plan, OLD.units, OLD.percent, OLD.state, OLD.light
        WHERE NOT OLD.withdrawn
        UNION ALL
        SELECT 1, NEW.jurisdiction, NEW.plan, NEW.units, NEW.percent, NEW.state, NEW.light
        WHERE NOT NEW.withdrawn
    ) line CROSS JOIN unnest(array_append(units, '')) unit
    GROUP BY jurisdiction, plan, unit
    ORDER BY jurisdiction, plan, unit
    ON CONFLICT (jurisdiction, plan, unit) DO UPDATE SET
        lines = cell.lines + excluded.lines, percent_sum = cell.percent_sum + excluded.percent_sum,
        not_started = cell.not_started + excluded.not_started, in_progress = cell.in_progress + excluded.in_progress,
        submitted = cell.submitted + excluded.submitted, confirmed = cell.confirmed + excluded.confirmed,
        suspended = cell.suspended + excluded.suspended,
        green = cell.green + excluded.green, yellow = cell.yellow + excluded.yellow,
        red = cell.red + excluded.red, blue = cell.blue + excluded.blue,
        last_change = greatest(cell.last_change, excluded.last_change);
    RETURN NULL;
END
$$;
-- Deferred, so that cells are locked only while a transaction commits. Those of a jurisdiction are locked by one
-- transaction at a time, as all that change its lines hold the head of its audit chain by then.
CREATE CONSTRAINT TRIGGER overview_follow_rows AFTER INSERT OR DELETE ON line DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION overview_follow();
CREATE CONSTRAINT TRIGGER overview_follow_changes AFTER UPDATE ON line DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD.jurisdiction, OLD.plan, OLD.units, OLD.percent, OLD.state, OLD.light, OLD.withdrawn, OLD.updated_at)
          IS DISTINCT FROM
          (NEW.jurisdiction, NEW.plan, NEW.units, NEW.percent, NEW.state, NEW.light, NEW.withdrawn, NEW.updated_at))
    EXECUTE FUNCTION overview_follow();
"""

RIGHTS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO progress_worker;
"""

CELLS = """
ALTER TABLE overview_cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE overview_cell FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON overview_cell TO progress_owner USING (true) WITH CHECK (true);
"""

PUBLIC = """
CREATE POLICY api_read ON {table} FOR SELECT TO progress_api
    USING ((SELECT current_setting('app.scope', true)) IN ('all', 'audit', 'tenant', 'unit'));
GRANT SELECT ON {table} TO progress_api;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OWN_ZONE = f"({SCOPE} = 'tenant' AND jurisdiction = (SELECT current_setting('app.tenant', true)))"
UNIT = "(SELECT current_setting('app.unit', true))"
LEADS = f"({SCOPE} = 'unit' AND {UNIT} = ANY(leads))"
REPORTS = f"({OWN_ZONE} OR ({LEADS} AND jurisdiction = 'province'))"

LINE_POLICIES = f"""
CREATE POLICY api_read ON line FOR SELECT TO progress_api
    USING ({SCOPE} IN ('all', 'audit') OR {OWN_ZONE} OR ({SCOPE} = 'unit' AND units @> ARRAY[{UNIT}]));
CREATE POLICY api_province ON line FOR UPDATE TO progress_api USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
CREATE POLICY api_office ON line FOR UPDATE TO progress_api
    USING (({OWN_ZONE} OR {LEADS}) AND NOT withdrawn)
    WITH CHECK (({OWN_ZONE} OR {LEADS}) AND NOT withdrawn AND state IN ('in_progress', 'submitted'));
GRANT SELECT, UPDATE (state, percent, light, light_on, version, updated_at) ON line TO progress_api;

CREATE POLICY api_read ON report FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM line WHERE line.id = line_id));
CREATE POLICY api_province ON report FOR UPDATE TO progress_api USING ({SCOPE} = 'all') WITH CHECK ({SCOPE} = 'all');
CREATE POLICY api_submit ON report FOR INSERT TO progress_api
    WITH CHECK (status = 'submitted' AND EXISTS (SELECT FROM line WHERE line.id = line_id AND {REPORTS}));
CREATE POLICY api_replace ON report FOR UPDATE TO progress_api
    USING (status = 'submitted' AND EXISTS (SELECT FROM line WHERE line.id = line_id AND {REPORTS}))
    WITH CHECK (status = 'replaced' AND EXISTS (SELECT FROM line WHERE line.id = line_id AND {REPORTS}));
CREATE POLICY api_review ON report FOR UPDATE TO progress_api
    USING (status = 'submitted' AND EXISTS (SELECT FROM line WHERE line.id = line_id AND {LEADS}))
    WITH CHECK (status = 'submitted' AND EXISTS (SELECT FROM line WHERE line.id = line_id AND {LEADS}));
GRANT SELECT, INSERT ON report TO progress_api;
GRANT UPDATE (status, decided_by, decided_at, remark, reason, review, version) ON report TO progress_api;

CREATE POLICY api_read ON line_history FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM line WHERE line.id = line_id));
CREATE POLICY api_add ON line_history FOR INSERT TO progress_api
    WITH CHECK ({SCOPE} = 'all' OR EXISTS (SELECT FROM line WHERE line.id = line_id AND ({OWN_ZONE} OR {LEADS})));
GRANT SELECT, INSERT ON line_history TO progress_api;
REVOKE UPDATE, DELETE ON line_history FROM progress_worker;

CREATE POLICY api_read ON overview_cell FOR SELECT TO progress_api
    USING ({SCOPE} IN ('all', 'audit') OR {OWN_ZONE} OR ({SCOPE} = 'unit' AND unit = {UNIT}));
GRANT SELECT ON overview_cell TO progress_api;
CREATE POLICY worker ON overview_cell FOR SELECT TO progress_worker USING (true);
GRANT SELECT ON overview_cell TO progress_worker;
"""  # noqa: S608

COPIED = ("zone", "unit", "plan", "task")
OWN = ("line", "report", "line_history")


def upgrade() -> None:
    for statement in schema.ddl("progress"):
        op.execute(statement)
    rights = "".join(RIGHTS.format(table=table) for table in (*COPIED, *OWN))
    public = "".join(PUBLIC.format(table=table) for table in COPIED)
    for statement in schema.statements(COPY + LINES + OVERVIEW + rights + CELLS + public + LINE_POLICIES):
        op.execute(statement)
