"""The copy's tasks are told apart by their code alone.

A unique ``id`` in ``DO UPDATE SET`` makes PostgreSQL lock the row against everything that refers to it, so that an
edition (task, then lines) and an office that changes a line twice (line, then its reference to the task) could each
wait for the other.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("-- squawk-ignore ban-drop-constraint\nALTER TABLE task DROP CONSTRAINT task_id_key")
