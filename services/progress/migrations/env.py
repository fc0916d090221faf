"""Alembic's environment of progress."""

from chassis.migrations import run

run()
