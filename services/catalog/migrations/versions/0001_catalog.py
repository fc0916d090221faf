"""The catalog: units, zones, plans, tasks with their contents per edition, imports, organizations to be made."""

from alembic import op

from chassis import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE unit (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    code text NOT NULL UNIQUE,
    name text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('department', 'central', 'city', 'enterprise', 'office')),
    aliases text[] NOT NULL DEFAULT '{}',
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX unit_aliases ON unit USING gin (aliases);

CREATE TABLE zone (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    code text NOT NULL UNIQUE,
    name text NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN ('zone', 'linked')),
    city_id uuid UNIQUE REFERENCES unit (id),
    area_km2 double precision CHECK (area_km2 >= 0),
    bonded_area_km2 double precision CHECK (bonded_area_km2 >= 0),
    positioning text NOT NULL DEFAULT '',
    industries text[] NOT NULL DEFAULT '{}',
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE plan (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    code text NOT NULL UNIQUE,
    number bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('special', 'zone', 'additional')),
    rank bigint GENERATED ALWAYS AS (
        CASE kind WHEN 'special' THEN 0 WHEN 'zone' THEN 1 ELSE 2 END * 1000000 + number
    ) STORED,
    zone_id uuid UNIQUE REFERENCES zone (id),
    announced_aspects bigint,
    announced_tasks bigint,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE import (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    filename text NOT NULL,
    sha256 text NOT NULL,
    text text NOT NULL,
    notice jsonb NOT NULL,
    tenant text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    UNIQUE NULLS NOT DISTINCT (sha256, tenant)
);

CREATE TABLE edition (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    number bigint UNIQUE,
    status text GENERATED ALWAYS AS (CASE WHEN number IS NULL THEN 'draft' ELSE 'published' END) STORED,
    tenant text,
    import_id uuid NOT NULL REFERENCES import (id),
    document text NOT NULL,
    base bigint NOT NULL,
    plans text[] NOT NULL,
    new bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    withdrawn bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    published_at timestamptz,
    published_by text,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX edition_import ON edition (import_id);

CREATE TABLE task (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    code text NOT NULL UNIQUE,
    version bigint NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false
);

CREATE TABLE task_content (
    task_id uuid NOT NULL REFERENCES task (id),
    since bigint NOT NULL,
    until bigint,
    version bigint NOT NULL,
    plan_id uuid NOT NULL REFERENCES plan (id),
    number bigint NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    due date,
    items jsonb NOT NULL,
    responsibilities jsonb NOT NULL,
    units uuid[] NOT NULL,
    leads uuid[] NOT NULL,
    members uuid[] NOT NULL,
    document text NOT NULL,
    source_start bigint NOT NULL,
    source_end bigint NOT NULL,
    source_text text NOT NULL,
    search tsvector NOT NULL,
    PRIMARY KEY (task_id, since),
    CHECK (until > since)
);
CREATE INDEX task_content_search ON task_content USING gin (search);
CREATE INDEX task_content_units ON task_content USING gin (units);
CREATE INDEX task_content_plan ON task_content (plan_id);
CREATE UNIQUE INDEX task_content_present ON task_content (task_id) WHERE until IS NULL;

CREATE TABLE organization_request (
    alias text PRIMARY KEY,
    name text NOT NULL,
    domain text NOT NULL CHECK (domain IN ('zone', 'unit')),
    attempts bigint NOT NULL DEFAULT 0,
    next_try timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    error text
);
CREATE INDEX organization_request_due ON organization_request (next_try) WHERE done_at IS NULL;
"""

RIGHTS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO catalog_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO catalog_worker;
CREATE POLICY api_province ON {table} TO catalog_api
    USING ((SELECT current_setting('app.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('app.scope', true)) = 'all');
GRANT SELECT, INSERT, UPDATE ON {table} TO catalog_api;
"""

READERS = """
CREATE POLICY api_read ON {table} FOR SELECT TO catalog_api
    USING ((SELECT current_setting('app.scope', true)) IN ('audit', 'tenant', 'unit', 'integrator'){condition});
"""

OWN_DRAFTS = """
CREATE POLICY api_city ON import TO catalog_api
    USING (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND tenant = (SELECT current_setting('app.tenant', true))
    )
    WITH CHECK (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND tenant = (SELECT current_setting('app.tenant', true))
    );
CREATE POLICY api_city_read ON edition FOR SELECT TO catalog_api
    USING (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND tenant = (SELECT current_setting('app.tenant', true))
    );
CREATE POLICY api_city_draft ON edition FOR INSERT TO catalog_api
    WITH CHECK (
        (SELECT current_setting('app.scope', true)) = 'tenant' AND status = 'draft'
        AND tenant = (SELECT current_setting('app.tenant', true))
        AND plans = ARRAY[(SELECT current_setting('app.tenant', true))]
    );
"""

PUBLIC = ("unit", "zone", "plan", "task", "task_content")
ALL = (*PUBLIC, "import", "edition", "organization_request")


def upgrade() -> None:
    for statement in schema.ddl("catalog"):
        op.execute(statement)
    rights = "".join(RIGHTS.format(table=table) for table in ALL)
    readers = "".join(READERS.format(table=table, condition="") for table in PUBLIC)
    published = READERS.format(table="edition", condition=" AND status = 'published'")
    for statement in schema.statements(TABLES + rights + readers + published + OWN_DRAFTS):
        op.execute(statement)
