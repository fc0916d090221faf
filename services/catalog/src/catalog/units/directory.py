"""The well-known units of Anhui and the centre, listed in ``known.json``."""

import json
from functools import cache
from importlib.resources import files

from catalog.units.rules import Unit


@cache
def listed() -> tuple[Unit, ...]:
    """The listed units with codes, kinds and aliases; the catalog takes one in when a notice names it."""
    entries = json.loads(files("catalog.units").joinpath("known.json").read_text("utf-8"))
    return tuple(
        Unit(entry["code"], entry["name"], entry["kind"], tuple(entry.get("aliases", ()))) for entry in entries
    )
