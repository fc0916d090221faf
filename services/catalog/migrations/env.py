"""Alembic's environment of the catalog."""

from chassis.migrations import run

run()
