"""The offices (单位) that people choose from: zones, and units without the cities whose zones have their own office."""

import asyncio
from dataclasses import dataclass

from portal.web.api import Api

CATALOG = "/api/catalog/v1"
Named = list[tuple[str, str]]


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
        [(f"zone:{zone['code']}", zone["name"]) for zone in zones["items"]],
        [(f"unit:{unit['code']}", unit["name"]) for unit in units["items"] if unit["code"] not in cities],
    )
