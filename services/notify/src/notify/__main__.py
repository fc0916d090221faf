"""``python -m notify api|worker|migrate``."""

from pathlib import Path

from chassis.process import main
from notify.app import app
from notify.settings import NotifySettings
from notify.worker import work

main("notify", NotifySettings, app, Path(__file__).parents[2] / "migrations", work)
