"""Indicators: definitions with their versions, targets, values with every revision."""

from alembic import op

from chassis import schema

revision = "0040"
down_revision = "0071"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE indicator (
    code text COLLATE "C" PRIMARY KEY,
    id uuid NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    measure text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('flow', 'stock')),
    aggregation text NOT NULL CHECK (aggregation IN ('sum', 'average', 'none')),
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    period text NOT NULL CHECK (period IN ('month', 'quarter', 'year')),
    source text NOT NULL,
    sentence text,
    unit text,
    formula text,
    checks jsonb NOT NULL,
    status text NOT NULL CHECK (status IN ('draft', 'confirmed', 'withdrawn')),
    version bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE indicator_target (
    indicator text COLLATE "C" NOT NULL REFERENCES indicator (code),
    jurisdiction text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    value numeric(20, 6) NOT NULL,
    PRIMARY KEY (indicator, jurisdiction, year)
);
CREATE INDEX indicator_target_year ON indicator_target (year, jurisdiction);
CREATE TABLE indicator_version (
    indicator text COLLATE "C" NOT NULL REFERENCES indicator (code),
    number bigint NOT NULL,
    what text NOT NULL,
    definition jsonb NOT NULL,
    reason text,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (indicator, number)
);
CREATE TABLE indicator_value (
    id uuid PRIMARY KEY,
    indicator text COLLATE "C" NOT NULL REFERENCES indicator (code),
    jurisdiction text COLLATE "C" NOT NULL,
    start date NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (indicator, jurisdiction, start)
);
CREATE INDEX indicator_value_start ON indicator_value (indicator, start, jurisdiction, id);
CREATE TABLE indicator_revision (
    value_id uuid NOT NULL REFERENCES indicator_value (id),
    number bigint NOT NULL,
    value numeric(20, 6) NOT NULL,
    note text NOT NULL,
    explanation text NOT NULL,
    warnings text[] NOT NULL,
    reason text CHECK (number = 1 OR reason <> ''),
    office text NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (value_id, number)
);
"""

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON {table} TO progress_api, progress_worker;
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
EVERYTHING = f"{SCOPE} IN ('all', 'audit')"
PROVINCE = f"{SCOPE} = 'all'"
OWN_ZONE = f"({SCOPE} = 'tenant' AND jurisdiction = (SELECT current_setting('app.tenant', true)))"
ITS_UNIT = f"({SCOPE} = 'unit' AND unit = (SELECT current_setting('app.unit', true)))"
SEEN = f"""EXISTS (SELECT FROM indicator i WHERE i.code = indicator)
            AND ({EVERYTHING} OR {SCOPE} = 'unit' OR {OWN_ZONE})"""
RECORDED = f"""EXISTS (SELECT FROM indicator i WHERE i.code = indicator AND i.status = 'confirmed' AND i.formula IS NULL
                       AND (jurisdiction <> 'province' OR i.aggregation = 'none'))
                AND ({SCOPE} = 'unit' OR {OWN_ZONE} OR ({PROVINCE} AND jurisdiction = 'province'))"""
OF_VALUE = f"EXISTS (SELECT FROM indicator_value v WHERE v.id = value_id AND {RECORDED})"

POLICIES = f"""
GRANT UPDATE ON indicator TO progress_worker;
GRANT DELETE ON indicator_target TO progress_worker;

CREATE POLICY api_read ON indicator FOR SELECT TO progress_api
    USING ({EVERYTHING} OR (status = 'confirmed' AND ({SCOPE} = 'tenant' OR {ITS_UNIT})));
CREATE POLICY api_define ON indicator FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
CREATE POLICY api_change ON indicator FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
GRANT UPDATE (name, name_en, measure, kind, aggregation, direction, period, source, unit, formula, checks, status,
              version, updated_at) ON indicator TO progress_api;

CREATE POLICY api_read ON indicator_version FOR SELECT TO progress_api USING ({EVERYTHING});
CREATE POLICY api_keep ON indicator_version FOR INSERT TO progress_api WITH CHECK ({PROVINCE});

CREATE POLICY api_read ON indicator_target FOR SELECT TO progress_api USING ({SEEN});
CREATE POLICY api_set ON indicator_target FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
CREATE POLICY api_remove ON indicator_target FOR DELETE TO progress_api USING ({PROVINCE});
GRANT DELETE ON indicator_target TO progress_api;

CREATE POLICY api_read ON indicator_value FOR SELECT TO progress_api USING ({SEEN});
CREATE POLICY api_record ON indicator_value FOR INSERT TO progress_api WITH CHECK ({RECORDED});
CREATE POLICY api_revise ON indicator_value FOR UPDATE TO progress_api USING ({RECORDED}) WITH CHECK ({RECORDED});
GRANT UPDATE (version) ON indicator_value TO progress_api;

CREATE POLICY api_read ON indicator_revision FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM indicator_value v WHERE v.id = value_id));
CREATE POLICY api_record ON indicator_revision FOR INSERT TO progress_api WITH CHECK ({OF_VALUE});
"""  # noqa: S608

OWN = ("indicator", "indicator_target", "indicator_version", "indicator_value", "indicator_revision")


def upgrade() -> None:
    guarded = "".join(GUARDED.format(table=table) for table in OWN)
    for statement in schema.statements(TABLES + guarded + POLICIES):
        op.execute(statement)
