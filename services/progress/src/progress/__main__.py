"""``python -m progress api|worker|migrate``."""

from pathlib import Path

from chassis.process import main
from chassis.settings import Settings
from progress.app import app
from progress.worker import work

main("progress", Settings, app, Path(__file__).parents[2] / "migrations", work)
