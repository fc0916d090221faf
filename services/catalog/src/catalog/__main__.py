"""``python -m catalog api|worker|migrate``."""

from pathlib import Path

from catalog.settings import CatalogSettings
from chassis.process import main

main("catalog", CatalogSettings, Path(__file__).parents[2] / "migrations", "catalog.app:app", "catalog.worker:work")
