"""The tables of the chassis itself, which each service creates in its first migrations, and the rights to them."""

from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement
from sqlmodel import SQLModel

from chassis import tables

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_WAKE = """
CREATE FUNCTION outbox_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('outbox', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_wake();
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

_OPERATOR = "(SELECT string_to_array(current_setting('app.roles', true), ',')) @> ARRAY['operator']"
_OPERATOR_RIGHTS = f"""
CREATE POLICY api_operator ON dead_letter TO {{service}}_api USING ({_OPERATOR}) WITH CHECK ({_OPERATOR});
GRANT SELECT, UPDATE ON dead_letter TO {{service}}_api;
CREATE POLICY api_operator ON parked FOR INSERT TO {{service}}_api WITH CHECK ({_OPERATOR});
GRANT INSERT ON parked TO {{service}}_api;
CREATE POLICY api_operator ON audit_chain TO {{service}}_api USING ({_OPERATOR}) WITH CHECK ({_OPERATOR});
"""

TABLES = (tables.Outbox, tables.Inbox, tables.Parked, tables.Idempotency, tables.AuditChain, tables.Audit)


def ddl(service: str) -> list[str]:
    """The statements that create the chassis tables with the rights of ``<service>_api`` and ``<service>_worker``."""
    made = [statement for table in TABLES for statement in _created(table, service)]
    return [*made, *statements(_WAKE + _API_RIGHTS.format(service=service))]


def dead_letters(service: str) -> list[str]:
    """The statements that create the table of dead letters, for a service that consumes events."""
    return [*_created(tables.DeadLetter, service), *statements(_OPERATOR_RIGHTS.format(service=service))]


def _created(model: type[SQLModel], service: str) -> list[str]:
    table = model.metadata.tables[str(model.__tablename__)]
    made: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, table.indexes)]
    rights = statements(_RIGHTS.format(table=table.name, service=service))
    return [*(str(part.compile(dialect=_DIALECT)).strip() for part in made), *rights]


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
