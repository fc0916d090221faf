"""Who is told of a value that was corrected, and what."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notify.inbox import rules

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
VALUE: dict[str, Any] = {
    "id": "0193a1b2-7c00-7000-8000-000000000001",
    "indicator": "fortune_500",
    "indicator_name": "引进世界500强企业数",
    "measure": "家",
    "unit": "swt",
    "jurisdiction": "hefei",
    "jurisdiction_name": "合肥片区",
    "period": "2026-Q1",
    "value": "3",
    "reason": "重复计入",
    "office": "zone:hefei",
}


def told(**over: Any) -> dict[str, rules.Entry]:
    data = {"indicator_value": VALUE | over}
    found = rules.entries("zoneportal.progress.indicator_value.revised.v1", "e", NOW, data)
    return {entry.audience: entry for entry in found}


@pytest.mark.parametrize(
    ("over", "audiences"),
    [
        ({}, {"role:province", "unit:swt"}),
        ({"office": "unit:swt"}, {"role:province", "zone:hefei"}),
        ({"unit": None}, {"role:province"}),
        ({"jurisdiction": "province", "office": "unit:swt"}, {"role:province"}),
        ({"jurisdiction": "province", "office": "role:province"}, {"unit:swt"}),
    ],
)
def test_all_but_the_office_that_revised_it_are_told(over: dict[str, Any], audiences: set[str]) -> None:
    assert set(told(**over)) == audiences


def test_it_says_what_the_value_is_now_and_why() -> None:
    entry = told()["role:province"]
    assert entry.texts.body == "合肥片区“引进世界500强企业数”2026-Q1 的数值修订为 3家，原因：重复计入"
    assert entry.href == f"/indicator-values/{VALUE['id']}"
    assert "Hefei" in entry.texts.body_en
