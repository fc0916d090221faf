"""Shares as people read them. Pure."""

from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


def tenths(part: int, whole: int) -> Decimal:
    """``part`` of ``whole`` to one decimal, halves up: as PostgreSQL rounds, so that every page has the same figure."""
    return (Decimal(part) / whole).quantize(TENTH, ROUND_HALF_UP)
