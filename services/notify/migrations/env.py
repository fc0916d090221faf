"""Alembic's environment of notify."""

from chassis.migrations import run

run()
