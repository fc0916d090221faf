"""Supervision orders and problems, each with entries that are never overwritten."""

from alembic import op

from chassis import schema

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE order_series (
    year bigint PRIMARY KEY,
    last bigint NOT NULL
);
CREATE TABLE orders (
    id uuid PRIMARY KEY,
    year bigint,
    serial bigint,
    jurisdiction text COLLATE "C" NOT NULL,
    title text NOT NULL,
    requirement text NOT NULL,
    source text NOT NULL CHECK (source IN ('meeting', 'remark', 'lines')),
    basis text NOT NULL,
    lead text NOT NULL,
    members text[] NOT NULL CHECK (NOT lead = ANY(members)),
    offices text[] NOT NULL GENERATED ALWAYS AS (array_prepend(lead, members)) STORED,
    state text NOT NULL DEFAULT 'registered' CHECK (state IN (
        'registered', 'issued', 'in_hand', 'extending', 'submitted', 'concluded', 'verified', 'closed', 'revoked')),
    first_deadline date NOT NULL,
    deadline date NOT NULL,
    asked_deadline date CHECK ((asked_deadline IS NOT NULL) = (state = 'extending')),
    sign_due date,
    issued_on date,
    signed_on date,
    answered_on date,
    ended_on date CHECK ((ended_on IS NOT NULL) = (state IN ('closed', 'revoked'))),
    urged_on date,
    level bigint NOT NULL DEFAULT 0,
    pressed boolean NOT NULL DEFAULT false,
    poor boolean NOT NULL DEFAULT false,
    blue_from date,
    yellow_from date,
    red_from date,
    urge_from date,
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (year, serial),
    CHECK ((serial IS NULL) = (year IS NULL)),
    CHECK (serial IS NOT NULL OR state IN ('registered', 'revoked'))
);
CREATE INDEX orders_offices ON orders USING gin (offices);
CREATE INDEX orders_open ON orders (id) WHERE ended_on IS NULL;
CREATE INDEX orders_urge ON orders (urge_from) WHERE urge_from IS NOT NULL;
CREATE INDEX orders_issued ON orders (issued_on) WHERE issued_on IS NOT NULL;
CREATE TABLE order_line (
    order_id uuid NOT NULL REFERENCES orders (id),
    line_id uuid NOT NULL REFERENCES line (id),
    PRIMARY KEY (order_id, line_id)
);
CREATE INDEX order_line_line ON order_line (line_id);

CREATE TABLE problem (
    id uuid PRIMARY KEY,
    jurisdiction text COLLATE "C" NOT NULL,
    line_id uuid REFERENCES line (id),
    title text NOT NULL,
    description text NOT NULL,
    raiser text NOT NULL,
    addressee text NOT NULL CHECK (addressee <> raiser),
    answer_due date NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'escalated', 'settled', 'withdrawn')),
    answered_on date,
    outcome text CHECK ((outcome IS NOT NULL) = (state = 'settled')),
    ended_on date CHECK ((ended_on IS NOT NULL) = (state IN ('settled', 'withdrawn'))),
    raised_by text NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX problem_line ON problem (line_id, id);
CREATE INDEX problem_raiser ON problem (raiser, id);
CREATE INDEX problem_addressee ON problem (addressee, id);
CREATE INDEX problem_open ON problem (id) WHERE ended_on IS NULL;
"""

ENTRIES = """
CREATE TABLE {thing}_entry (
    thing_id uuid NOT NULL REFERENCES {things} (id),
    number bigint NOT NULL,
    what text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    office text NOT NULL,
    text text NOT NULL,
    evidence text NOT NULL,
    day date,
    level bigint,
    PRIMARY KEY (thing_id, number)
);
"""

SCOPE = "(SELECT current_setting('app.scope', true))"
OFFICE = f"""
    (SELECT CASE {SCOPE} WHEN 'tenant' THEN 'zone:' || current_setting('app.tenant', true)
                         WHEN 'unit' THEN 'unit:' || current_setting('app.unit', true)
                         WHEN 'all' THEN 'role:province' END)
"""
PROVINCE = f"{SCOPE} = 'all'"
SEES_ALL = f"{SCOPE} IN ('all', 'audit')"

GUARDED = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO progress_worker USING (true) WITH CHECK (true);
GRANT SELECT ON {table} TO progress_api, progress_worker;
"""

ORDERS = f"""
CREATE POLICY api_number ON order_series TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
GRANT INSERT, UPDATE ON order_series TO progress_api;

CREATE POLICY api_read ON orders FOR SELECT TO progress_api
    USING ({SEES_ALL} OR (serial IS NOT NULL AND offices @> ARRAY[{OFFICE}]));
CREATE POLICY api_register ON orders FOR INSERT TO progress_api WITH CHECK ({PROVINCE} AND state = 'registered');
CREATE POLICY api_province ON orders FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
CREATE POLICY api_lead ON orders FOR UPDATE TO progress_api
    USING (lead = {OFFICE} AND state IN ('issued', 'in_hand', 'extending'))
    WITH CHECK (lead = {OFFICE} AND state IN ('in_hand', 'extending', 'submitted'));
CREATE POLICY api_member ON orders FOR UPDATE TO progress_api
    USING ({OFFICE} = ANY(members) AND state IN ('in_hand', 'extending'))
    WITH CHECK ({OFFICE} = ANY(members) AND state IN ('in_hand', 'extending'));
GRANT INSERT, UPDATE (year, serial, state, deadline, asked_deadline, sign_due, issued_on, signed_on, answered_on,
    ended_on, urged_on, level, pressed, poor, blue_from, yellow_from, red_from, urge_from, updated_at, version)
    ON orders TO progress_api;
GRANT UPDATE (state, urged_on, level, pressed, blue_from, yellow_from, red_from, urge_from, updated_at, version)
    ON orders TO progress_worker;

CREATE POLICY api_read ON order_line FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM orders WHERE orders.id = order_id)
           AND EXISTS (SELECT FROM line WHERE line.id = line_id));
CREATE POLICY api_add ON order_line FOR INSERT TO progress_api WITH CHECK ({PROVINCE});
GRANT INSERT ON order_line TO progress_api;

CREATE POLICY api_read ON order_entry FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM orders WHERE orders.id = thing_id));
CREATE POLICY api_add ON order_entry FOR INSERT TO progress_api
    WITH CHECK (office = {OFFICE} AND EXISTS (SELECT FROM orders WHERE orders.id = thing_id));
GRANT INSERT ON order_entry TO progress_api, progress_worker;
"""  # noqa: S608

PROBLEMS = f"""
CREATE POLICY api_read ON problem FOR SELECT TO progress_api
    USING ({SEES_ALL} OR raiser = {OFFICE} OR addressee = {OFFICE}
           OR EXISTS (SELECT FROM line WHERE line.id = line_id));
CREATE POLICY api_raise ON problem FOR INSERT TO progress_api WITH CHECK (raiser = {OFFICE} AND state = 'open');
CREATE POLICY api_province ON problem FOR UPDATE TO progress_api USING ({PROVINCE}) WITH CHECK ({PROVINCE});
CREATE POLICY api_raiser ON problem FOR UPDATE TO progress_api
    USING (raiser = {OFFICE} AND state IN ('open', 'answered'))
    WITH CHECK (raiser = {OFFICE} AND state IN ('open', 'settled', 'withdrawn'));
CREATE POLICY api_addressee ON problem FOR UPDATE TO progress_api
    USING (addressee = {OFFICE} AND state IN ('open', 'answered'))
    WITH CHECK (addressee = {OFFICE} AND state = 'answered');
GRANT INSERT, UPDATE (answer_due, state, answered_on, outcome, ended_on, updated_at, version)
    ON problem TO progress_api;

CREATE POLICY api_read ON problem_entry FOR SELECT TO progress_api
    USING (EXISTS (SELECT FROM problem WHERE problem.id = thing_id));
CREATE POLICY api_add ON problem_entry FOR INSERT TO progress_api
    WITH CHECK (office = {OFFICE} AND EXISTS (SELECT FROM problem WHERE problem.id = thing_id));
GRANT INSERT ON problem_entry TO progress_api;
"""  # noqa: S608


def upgrade() -> None:
    entries = ENTRIES.format(thing="order", things="orders") + ENTRIES.format(thing="problem", things="problem")
    tables = ("order_series", "orders", "order_line", "order_entry", "problem", "problem_entry")
    guarded = "".join(GUARDED.format(table=table) for table in tables)
    for statement in schema.statements(TABLES + entries + guarded + ORDERS + PROBLEMS):
        op.execute(statement)
