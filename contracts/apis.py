"""The OpenAPI document of each service, from its code alone: nothing is connected to."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI

from catalog.app import app as catalog
from catalog.settings import CatalogSettings
from chassis.settings import Settings
from notify.app import app as notify
from notify.settings import NotifySettings
from progress.app import app as progress

_NOWHERE = {"port": 0, "database_url": "postgresql://nowhere", "issuer": "", "jwks_url": ""}
APPS: Mapping[str, Callable[[], FastAPI]] = {
    "catalog": lambda: catalog(CatalogSettings.model_validate(_NOWHERE)),
    "progress": lambda: progress(Settings.model_validate(_NOWHERE)),
    "notify": lambda: notify(NotifySettings.model_validate(_NOWHERE)),
}
