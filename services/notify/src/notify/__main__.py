"""``python -m notify api|worker|migrate``."""

from pathlib import Path

from chassis.process import main
from notify.settings import NotifySettings

main("notify", NotifySettings, Path(__file__).parents[2] / "migrations", "notify.app:app", "notify.worker:work")
