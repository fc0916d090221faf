"""``python -m portal api|migrate``."""

from pathlib import Path

from chassis.process import main
from portal.settings import PortalSettings

main("portal", PortalSettings, Path(__file__).parents[2] / "migrations", "portal.app:app")
