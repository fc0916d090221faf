"""The catalog's API."""

from fastapi import FastAPI

from catalog.deputyships.api import router as deputyships
from catalog.editions.api import router as editions
from catalog.imports.api import router as imports
from catalog.manuscripts.api import router as manuscripts
from catalog.people.api import router as people
from catalog.people.counting import router as counting
from catalog.people.demands import router as demands
from catalog.people.directory import Directory
from catalog.people.imports import router as sheets
from catalog.people.recovery import router as recovery
from catalog.plans.api import router as plans
from catalog.settings import CatalogSettings
from catalog.tasks.api import router as tasks
from catalog.units.api import router as units
from catalog.zones.api import router as zones
from chassis import audit
from chassis.app import create


def app(settings: CatalogSettings | None = None) -> FastAPI:
    """By default with the settings of the environment."""
    settings = settings or CatalogSettings()
    routers = [
        plans,
        tasks,
        zones,
        units,
        editions,
        imports,
        manuscripts,
        people,
        counting,
        sheets,
        recovery,
        demands,
        deputyships,
        audit.router(),
    ]
    made = create("catalog", "任务目录 Catalog", settings, routers)
    made.state.people = Directory(settings)
    return made
