"""Year on year of the province's values: which zones it is over."""

from collections.abc import Mapping

import pytest

from progress.indicators import figures
from services.progress.tests.test_indicator_rules import book, indicator


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ({"hefei": "12", "wuhu": "5"}, {"hefei": "10", "wuhu": "5"}, ("13.3", None)),
        ({"hefei": "12", "wuhu": "5"}, {"hefei": "10"}, ("20.0", 1)),
        ({"hefei": "12"}, {"hefei": "10", "wuhu": "5"}, ("20.0", 1)),
        ({"wuhu": "5"}, {"hefei": "10"}, (None, None)),
        ({"hefei": "12", "wuhu": "5"}, {"hefei": "0"}, (None, None)),
    ],
)
def test_year_on_year_of_the_province_is_over_the_zones_of_both_years(
    now: Mapping[str, str], then: Mapping[str, str], expected: tuple[str | None, int | None]
) -> None:
    present, earlier = (
        book(indicator("x"), **{f"x__{zone}": number for zone, number in by.items()}) for by in (now, then)
    )
    changed, zones = figures.year_on_year(present, earlier, "x", "province")
    assert (None if changed is None else str(changed), zones) == expected
