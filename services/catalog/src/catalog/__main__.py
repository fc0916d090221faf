"""``python -m catalog api|worker|migrate``."""

from pathlib import Path

from catalog.app import app
from catalog.settings import CatalogSettings
from catalog.worker import work
from chassis.process import main

main("catalog", CatalogSettings, app, Path(__file__).parents[2] / "migrations", work)
