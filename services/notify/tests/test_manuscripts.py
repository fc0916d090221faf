"""Who hears of plans that are written in the portal, and where that leads."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notify.inbox import rules

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ZONE, PROVINCE = "zone:hefei", "role:province"


def told(what: str, office: str, zone: str | None = "hefei") -> list[rules.Entry]:
    written: dict[str, Any] = {"id": "m", "plan": "hefei", "name": "合肥片区实施方案", "zone": zone, "edition": "e1"}
    written["remarks"] = "请补充责任单位" if what == "returned" else None
    data = {"manuscript": written | {"office": office}}
    assert rules.concerned(data) is None
    return rules.entries(f"zoneportal.catalog.manuscript.{what}.v1", "1", NOW, data)


@pytest.mark.parametrize(
    ("what", "office", "audience", "href"),
    [
        ("submitted", ZONE, PROVINCE, "/editions/e1"),
        ("returned", PROVINCE, ZONE, "/manuscripts/hefei"),
        ("published", PROVINCE, ZONE, "/editions/e1"),
        ("discarded", PROVINCE, ZONE, "/manuscripts/hefei"),
    ],
)
def test_the_other_side_is_told(what: str, office: str, audience: str, href: str) -> None:
    (entry,) = told(what, office)
    assert (entry.audience, entry.href) == (audience, href)
    assert "合肥片区实施方案" in entry.texts.body
    assert ("请补充责任单位" in entry.texts.body) == (what == "returned")


@pytest.mark.parametrize(
    ("what", "office", "zone"),
    [
        ("submitted", PROVINCE, "hefei"),
        ("discarded", ZONE, "hefei"),
        ("submitted", PROVINCE, None),
        ("published", PROVINCE, None),
        ("invented", ZONE, "hefei"),
    ],
)
def test_nobody_is_told_of_its_own_act_or_of_what_is_no_zones(what: str, office: str, zone: str | None) -> None:
    assert told(what, office, zone) == []
