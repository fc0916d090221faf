"""The OpenAPI document of each service, from its code alone: nothing is connected to."""

from collections.abc import Callable, Mapping
from functools import cache

from fastapi import FastAPI

from catalog.app import app as catalog
from catalog.settings import CatalogSettings
from notify.app import app as notify
from notify.settings import NotifySettings
from progress.app import app as progress
from progress.settings import ProgressSettings

_NOWHERE = {"port": 0, "database_url": "postgresql://nowhere", "issuer": "", "jwks_url": ""}
APPS: Mapping[str, Callable[[], FastAPI]] = {
    "catalog": cache(lambda: catalog(CatalogSettings.model_validate(_NOWHERE))),
    "progress": cache(lambda: progress(ProgressSettings.model_validate(_NOWHERE | {"attachments_url": "memory:///"}))),
    "notify": cache(lambda: notify(NotifySettings.model_validate(_NOWHERE))),
}
