"""``python -m portal api|migrate``."""

from pathlib import Path

from chassis.process import main
from portal.app import app
from portal.settings import PortalSettings

main("portal", PortalSettings, app, Path(__file__).parents[2] / "migrations")
