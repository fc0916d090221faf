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


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("due_soon", "{count} 项指标值应于 2026-12-14 前填报，目前尚未填报，请按时填报。"),
        ("overdue", "{count} 项指标值应于 2026-12-14 前填报，目前仍未填报，请尽快补报。"),
    ],
)
def test_an_office_hears_once_how_many_values_it_owes_by_a_day(what: str, words: str) -> None:
    missing = {name: VALUE[name] for name in ("id", "unit", "jurisdiction", "office")} | {"due": "2026-12-14"}
    found = [
        rules.entries(f"zoneportal.progress.missing_value.{what}.v1", event, NOW, {"missing_value": missing})
        for event in ("e", "f")
    ]
    assert found[0] == found[1]
    (entry,) = found[0]
    assert (entry.audience, entry.tenant, entry.grouped, entry.texts.body) == ("zone:hefei", "hefei", True, words)
    assert rules.concerned({"missing_value": missing}) == ("hefei", ("role:province", "zone:hefei", "unit:swt"))
