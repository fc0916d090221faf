"""The tables of the chassis itself; each service creates them in its first migration."""

_TABLES = """
CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    topic text NOT NULL,
    type text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    tenant text,
    sequence bigint NOT NULL,
    time timestamptz NOT NULL,
    data text NOT NULL,
    traceparent text
);
CREATE INDEX outbox_position ON outbox (position);
CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();

CREATE TABLE inbox (
    id uuid NOT NULL,
    consumer text NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, consumer)
);
CREATE INDEX inbox_handled_at ON inbox (handled_at);

CREATE TABLE parked (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    headers jsonb NOT NULL,
    value text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_try timestamptz NOT NULL DEFAULT now(),
    error text
);
CREATE INDEX parked_key ON parked (consumer, key, position);

CREATE TABLE idempotency (
    sub text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    headers text,
    body bytea,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sub, key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE audit_chain (
    chain text PRIMARY KEY,
    length bigint NOT NULL,
    hash text NOT NULL
);
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    chain text NOT NULL,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    sub text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    thing text NOT NULL,
    thing_id text NOT NULL,
    tenant text,
    reason text,
    before jsonb,
    after jsonb,
    trace text,
    previous text NOT NULL,
    hash text NOT NULL,
    UNIQUE (chain, number)
);
"""

_RIGHTS = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON {table} TO {service}_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {service}_worker;
"""

_API_RIGHTS = """
CREATE POLICY api_add ON outbox FOR INSERT TO {service}_api WITH CHECK (true);
GRANT INSERT ON outbox TO {service}_api;
CREATE POLICY api_own ON idempotency TO {service}_api
    USING (sub = (SELECT current_setting('app.sub', true)))
    WITH CHECK (sub = (SELECT current_setting('app.sub', true)));
GRANT SELECT, INSERT, UPDATE ON idempotency TO {service}_api;
CREATE POLICY api_chain ON audit_chain TO {service}_api
    USING ((SELECT current_setting('app.scope', true)) IN ('all', 'unit')
           OR (SELECT current_setting('app.scope', true)) = 'tenant'
              AND chain = (SELECT current_setting('app.tenant', true)));
GRANT SELECT, INSERT, UPDATE ON audit_chain TO {service}_api;
CREATE POLICY api_add ON audit FOR INSERT TO {service}_api WITH CHECK (true);
CREATE POLICY api_read ON audit FOR SELECT TO {service}_api
    USING ((SELECT current_setting('app.scope', true)) IN ('all', 'audit'));
GRANT SELECT, INSERT ON audit TO {service}_api;
REVOKE UPDATE, DELETE ON audit FROM {service}_worker;
"""

_DEAD_LETTERS = """
CREATE TABLE dead_letter (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    consumer text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    headers jsonb NOT NULL,
    value text NOT NULL,
    reason text NOT NULL,
    replayable boolean NOT NULL,
    buried_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'retried', 'discarded')),
    ended_at timestamptz,
    ended_by text,
    note text,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX dead_letter_state ON dead_letter (state, id);
"""

_OPERATOR = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['operator']"
_OPERATOR_RIGHTS = f"""
CREATE POLICY api_operator ON dead_letter TO {{service}}_api USING ({_OPERATOR}) WITH CHECK ({_OPERATOR});
GRANT SELECT, UPDATE ON dead_letter TO {{service}}_api;
CREATE POLICY api_operator ON parked FOR INSERT TO {{service}}_api WITH CHECK ({_OPERATOR});
GRANT INSERT ON parked TO {{service}}_api;
CREATE POLICY api_operator ON audit_chain TO {{service}}_api USING ({_OPERATOR}) WITH CHECK ({_OPERATOR});
"""

TABLES = ("outbox", "inbox", "parked", "idempotency", "audit_chain", "audit")


def ddl(service: str) -> list[str]:
    """The statements that create the chassis tables with the rights of ``<service>_api`` and ``<service>_worker``."""
    rights = "".join(_RIGHTS.format(table=table, service=service) for table in TABLES)
    return statements(_TABLES + rights + _API_RIGHTS.format(service=service))


def dead_letters(service: str) -> list[str]:
    """The statements that create the table of dead letters, for a service that consumes events."""
    rights = _RIGHTS.format(table="dead_letter", service=service) + _OPERATOR_RIGHTS.format(service=service)
    return statements(_DEAD_LETTERS + rights)


def statements(script: str) -> list[str]:
    """An SQL script cut into statements; a body between ``$$`` stays whole."""
    parts: list[str] = []
    for index, piece in enumerate(script.split("$$")):
        if index % 2:
            parts[-1] += f"$${piece}$$"
            continue
        first, *rest = piece.split(";")
        parts[-1:] = [(parts[-1] if parts else "") + first]
        parts += rest
    return [part.strip() for part in parts if part.strip()]
