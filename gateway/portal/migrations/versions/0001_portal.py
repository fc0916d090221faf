"""Portal: sessions and begun logins."""

from alembic import op

from chassis import schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE session (
    key bytea PRIMARY KEY,
    csrf text NOT NULL,
    access_token text NOT NULL,
    access_until timestamptz NOT NULL,
    refresh_token text NOT NULL,
    id_token text NOT NULL,
    begun_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_seen_at ON session (seen_at);
CREATE INDEX session_begun_at ON session (begun_at);

CREATE TABLE login (
    state_key bytea PRIMARY KEY,
    browser_key bytea NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    next text NOT NULL,
    begun_at timestamptz NOT NULL
);
CREATE INDEX login_begun_at ON login (begun_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON session, login TO portal_api;
"""


def upgrade() -> None:
    for statement in schema.statements(TABLES):
        op.execute(statement)
