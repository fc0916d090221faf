"""Offices (单位): whom people act for, written as audiences are: ``zone:hefei``, ``unit:swt``, ``role:province``."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from chassis.tenancy import Session
from progress.lines.rules import PROVINCE

PROVINCIAL = "role:province"
Office = Annotated[str, Field(pattern=r"^(zone|unit):[a-z0-9-]{1,64}$", max_length=69)]

NAME = """
    CASE split_part({0}, ':', 1)
        WHEN 'zone' THEN coalesce((SELECT name FROM zone WHERE code = split_part({0}, ':', 2)), {0})
        WHEN 'unit' THEN coalesce((SELECT name FROM unit WHERE code = split_part({0}, ':', 2)), {0})
        WHEN 'role' THEN '省自贸办' ELSE {0} END
"""
"""The name of an office, to be formatted with the SQL of its code."""


def jurisdiction(office: str) -> str:
    """A zone's own; the province for everybody else."""
    kind, _, code = office.partition(":")
    return code if kind == "zone" else PROVINCE


async def unknown(db: Session, offices: Sequence[str]) -> list[str]:
    """Those that nobody works in: not in the catalog, closed, or the city of a zone, which has its own office."""
    rows = await db.rows(
        """
        SELECT o FROM unnest(CAST(:offices AS text[])) o WHERE NOT EXISTS (
            SELECT FROM zone WHERE 'zone:' || code = o AND closed_on IS NULL
            UNION ALL SELECT FROM unit u WHERE 'unit:' || u.code = o
                AND NOT EXISTS (SELECT FROM zone z WHERE z.city = u.code))
        """,
        offices=list(offices),
    )
    return [row["o"] for row in rows]
