"""Innovation cases with their evaluation, and their replication by other zones."""

from alembic import op

from chassis import schema

revision = "0050"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE innovation_case (
    id uuid PRIMARY KEY,
    zone text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'evaluating', 'evaluated', 'returned',
                                                         'rejected', 'approved', 'published')),
    title text NOT NULL,
    background text NOT NULL,
    practice text NOT NULL,
    effect_before text NOT NULL,
    effect_after text NOT NULL,
    figures jsonb NOT NULL,
    tasks text[] NOT NULL,
    evidence jsonb NOT NULL,
    preconditions text NOT NULL CHECK (state <> 'published' OR preconditions <> ''),
    credit text NOT NULL,
    evaluators text[] NOT NULL DEFAULT '{}',
    round bigint NOT NULL DEFAULT 0,
    score numeric,
    level text CHECK (level IN ('zone', 'provincial', 'recommended')),
    remark text,
    reason text CHECK (state NOT IN ('returned', 'rejected') OR reason <> ''),
    drafted_by text NOT NULL,
    submitted_on date,
    approved_on date,
    published_on date,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((state IN ('approved', 'published')) = (level IS NOT NULL)),
    CHECK ((level IS NULL) = (approved_on IS NULL)),
    CHECK ((state = 'published') = (published_on IS NOT NULL))
);
CREATE INDEX innovation_case_zone ON innovation_case (zone, id);
CREATE INDEX innovation_case_state ON innovation_case (state, id);
CREATE INDEX innovation_case_approved ON innovation_case (approved_on) WHERE level IS NOT NULL;
CREATE INDEX innovation_case_evaluators ON innovation_case USING gin (evaluators);

CREATE TABLE case_scheme (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    criteria jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1
);
INSERT INTO case_scheme (criteria) VALUES ('[{"name": "创新性", "weight": 30}, {"name": "实施成效", "weight": 30},
    {"name": "可复制可推广性", "weight": 25}, {"name": "风险可控性", "weight": 15}]');

CREATE TABLE case_round (
    case_id uuid NOT NULL REFERENCES innovation_case (id),
    number bigint NOT NULL,
    criteria jsonb NOT NULL,
    due date,
    opened_by text NOT NULL,
    opened_on date NOT NULL,
    concluded_on date,
    score numeric CHECK ((concluded_on IS NULL) = (score IS NULL)),
    PRIMARY KEY (case_id, number)
);
CREATE TABLE case_score (
    case_id uuid NOT NULL,
    round bigint NOT NULL,
    evaluator text NOT NULL,
    name text NOT NULL,
    points jsonb,
    total numeric,
    opinion text NOT NULL DEFAULT '',
    scored_by text,
    scored_at timestamptz,
    PRIMARY KEY (case_id, round, evaluator),
    FOREIGN KEY (case_id, round) REFERENCES case_round (case_id, number),
    CHECK ((scored_at IS NULL) = (total IS NULL) AND (scored_at IS NULL) = (points IS NULL))
);

CREATE TABLE replication (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES innovation_case (id),
    zone text COLLATE "C" NOT NULL CHECK (zone <> origin),
    origin text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'unanswered'
        CHECK (state IN ('unanswered', 'planned', 'under_way', 'adopted', 'declined')),
    differences text NOT NULL DEFAULT '',
    plan text NOT NULL DEFAULT '',
    due date,
    reason text NOT NULL DEFAULT '' CHECK (state <> 'declined' OR reason <> ''),
    progress text NOT NULL DEFAULT '',
    result text NOT NULL DEFAULT '' CHECK (state <> 'adopted' OR result <> ''),
    effect_before text NOT NULL DEFAULT '',
    effect_after text NOT NULL DEFAULT '',
    figures jsonb NOT NULL DEFAULT '[]',
    answered_on date,
    started_on date,
    adopted_on date CHECK ((state = 'adopted') = (adopted_on IS NOT NULL)),
    moved_by text,
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (case_id, zone)
);
CREATE INDEX replication_zone ON replication (zone, case_id);
CREATE INDEX replication_adopted ON replication (adopted_on) WHERE state = 'adopted';
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO progress_worker;
"""
GUARDED_TABLES = ("innovation_case", "case_scheme", "case_round", "case_score", "replication")

SCOPE = "(SELECT current_setting('app.scope', true))"
TENANT = "(SELECT current_setting('app.tenant', true))"
UNIT = "(SELECT current_setting('app.unit', true))"
PROVINCE = f"{SCOPE} = 'all'"
OVERSEER = f"{SCOPE} IN ('all', 'audit')"
OFFICES = f"{SCOPE} IN ('all', 'audit', 'tenant', 'unit')"
OWN = f"({SCOPE} = 'tenant' AND zone = {TENANT})"
INVITED = f"({SCOPE} = 'unit' AND evaluators @> ARRAY[{UNIT}])"

CASES = f"""
CREATE POLICY api_read ON innovation_case FOR SELECT TO progress_api
    USING ({OVERSEER} OR {OWN} OR {INVITED} OR (state = 'published' AND {SCOPE} IN ('tenant', 'unit', 'public')));
CREATE POLICY api_draft ON innovation_case FOR INSERT TO progress_api WITH CHECK ({OWN} AND state = 'draft');
CREATE POLICY api_write ON innovation_case FOR UPDATE TO progress_api
    USING ({OWN} AND state IN ('draft', 'returned'))
    WITH CHECK ({OWN} AND state IN ('draft', 'returned', 'submitted'));
CREATE POLICY api_decide ON innovation_case FOR UPDATE TO progress_api
    USING ({PROVINCE} AND state NOT IN ('draft', 'returned', 'rejected', 'published'))
    WITH CHECK ({PROVINCE} AND state NOT IN ('draft', 'submitted'));
GRANT SELECT, INSERT ON innovation_case TO progress_api;
GRANT UPDATE (state, title, background, practice, effect_before, effect_after, figures, tasks, evidence, preconditions,
              credit, evaluators, round, score, level, remark, reason, submitted_on, approved_on, published_on, version,
              updated_at) ON innovation_case TO progress_api;

CREATE POLICY api_read ON case_scheme FOR SELECT TO progress_api USING ({OFFICES});
CREATE POLICY api_set ON case_scheme FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
GRANT SELECT, UPDATE (criteria, version) ON case_scheme TO progress_api;

CREATE POLICY api_read ON case_round FOR SELECT TO progress_api
    USING ({OVERSEER} OR EXISTS (SELECT FROM innovation_case c WHERE c.id = case_id AND ({OWN} OR {INVITED})));
CREATE POLICY api_open ON case_round FOR INSERT TO progress_api WITH CHECK ({PROVINCE} AND score IS NULL);
CREATE POLICY api_conclude ON case_round FOR UPDATE TO progress_api
    USING ({PROVINCE} AND score IS NULL) WITH CHECK ({PROVINCE} AND score IS NOT NULL);
GRANT SELECT, INSERT, UPDATE (concluded_on, score) ON case_round TO progress_api;

CREATE POLICY api_read ON case_score FOR SELECT TO progress_api
    USING ({OVERSEER} OR ({SCOPE} = 'unit' AND evaluator = 'unit:' || {UNIT}));
CREATE POLICY api_invite ON case_score FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
CREATE POLICY api_hold ON case_score FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK (false);
CREATE POLICY api_score ON case_score FOR UPDATE TO progress_api
    USING ({SCOPE} = 'unit' AND evaluator = 'unit:' || {UNIT} AND scored_at IS NULL)
    WITH CHECK ({SCOPE} = 'unit' AND evaluator = 'unit:' || {UNIT} AND scored_at IS NOT NULL
                AND EXISTS (SELECT FROM innovation_case c
                            WHERE c.id = case_id AND c.round = case_score.round AND c.state = 'evaluating'));
GRANT SELECT, INSERT, UPDATE (points, total, opinion, scored_by, scored_at) ON case_score TO progress_api;
"""  # noqa: S608

REPLICATIONS = f"""
CREATE POLICY api_read ON replication FOR SELECT TO progress_api
    USING ({OVERSEER} OR {OWN} OR ({SCOPE} = 'tenant' AND origin = {TENANT})
           OR (state = 'adopted' AND {SCOPE} IN ('tenant', 'unit')));
CREATE POLICY api_answer ON replication FOR INSERT TO progress_api
    WITH CHECK ({OWN} AND state = 'unanswered'
                AND EXISTS (SELECT FROM innovation_case c
                            WHERE c.id = case_id AND c.state = 'published' AND c.zone = origin));
CREATE POLICY api_move ON replication FOR UPDATE TO progress_api
    USING ({OWN} AND state <> 'adopted') WITH CHECK ({OWN} AND state <> 'unanswered');
GRANT SELECT, INSERT ON replication TO progress_api;
GRANT UPDATE (state, differences, plan, due, reason, progress, result, effect_before, effect_after, figures,
              answered_on, started_on, adopted_on, moved_by, version, updated_at) ON replication TO progress_api;

CREATE POLICY api_public ON zone FOR SELECT TO progress_api USING ({SCOPE} = 'public');
"""  # noqa: S608


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in GUARDED_TABLES)
    for statement in schema.statements(TABLES + guarded + CASES + REPLICATIONS):
        op.execute(statement)
