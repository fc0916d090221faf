"""The offices (单位) that people choose from: open zones, and units without the cities whose zones have
their own office.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.web.api import Api

CATALOG = "/api/catalog/v1"
Named = list[tuple[str, str]]


def open_zones(places: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of zones, or of jurisdictions, those that are not closed: whom something new may be for."""
    return [dict(place) for place in places if not place["closed_on"]]


@dataclass(frozen=True)
class Offices:
    """By their codes as progress knows them: ``zone:hefei``, ``unit:swt``."""

    zones: Named
    units: Named


NONE = Offices([], [])


async def offices(api: Api) -> Offices:
    zones, units = await asyncio.gather(api.get(f"{CATALOG}/zones", limit=200), api.get(f"{CATALOG}/units", limit=200))
    cities = {zone["city"]["code"] for zone in zones["items"] if zone["city"]}
    return Offices(
        [(f"zone:{zone['code']}", zone["name"]) for zone in open_zones(zones["items"])],
        [(f"unit:{unit['code']}", unit["name"]) for unit in units["items"] if unit["code"] not in cities],
    )
