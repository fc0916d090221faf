"""``python -m progress api|worker|migrate``."""

from pathlib import Path

from chassis.process import main
from chassis.settings import Settings

main("progress", Settings, Path(__file__).parents[2] / "migrations", "progress.app:app", "progress.worker:work")
