"""Alembic's environment of the portal."""

from chassis.migrations import run

run()
