"""What waits on the desk: sorted by rules, and there when it happens."""

from typing import Any
from uuid import uuid4

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import NewBrowser
from portal.desk import rules

LINES = "/api/progress/v1/lines"


def line(**changes: Any) -> dict[str, Any]:
    return {
        "due": None,
        "light": "green",
        "stalled_on": None,
        "state": "in_progress",
        "latest_report": None,
        "actions": ["report"],
    } | changes


@pytest.mark.parametrize(
    ("changes", "pile"),
    [
        ({"latest_report": {"status": "returned"}, "light": "red"}, "returned"),
        ({"light": "red"}, "red"),
        ({"light": "yellow"}, "yellow"),
        ({"stalled_on": "2026-11-24", "state": "not_started"}, "stalled"),
        ({"actions": ["review"], "latest_report": {"status": "submitted"}}, "review"),
        ({"state": "not_started"}, "new"),
        ({}, None),
        ({"state": "submitted", "light": "red"}, None),
        ({"state": "not_started", "actions": []}, None),
        ({"latest_report": {"status": "returned"}, "actions": []}, None),
        ({"state": "confirmed", "light": "blue", "actions": []}, None),
    ],
)
def test_a_line_lies_on_the_first_pile_that_it_fits(changes: dict[str, Any], pile: str | None) -> None:
    piles = rules.of_office([line(**changes)])
    assert [found.name for found in piles if found.lines] == ([pile] if pile else [])


def test_what_is_due_first_comes_first() -> None:
    dues = [None, "2026-12-01", "2026-01-31", None, "2026-11-30"]
    (pile,) = [found for found in rules.of_office([line(light="red", due=due) for due in dues]) if found.lines]
    assert [one["due"] for one in pile.lines] == ["2026-01-31", "2026-11-30", "2026-12-01", None, None]


def test_a_report_waits_for_the_province_and_returned_for_its_zone(new_browser: NewBrowser, system: System) -> None:
    hefei, province = new_browser(), new_browser()
    hefei.log_in("hefei.admin")
    province.log_in("province.admin")
    with system.client("hefei.admin") as zone, system.client("province.admin") as office:
        free = zone.get(LINES, params={"state": "not_started", "limit": 1}).json()["items"][0]
        path = f"{LINES}/{free['id']}"

        def act(client: Any, what: str, version: int, **body: Any) -> dict[str, Any]:
            headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
            answer = client.post(f"{path}/{what}", json=body, headers=headers)
            assert answer.status_code == 201, answer.text
            return dict(client.get(path).json())

        reported = act(zone, "reports", free["version"], percent=10, done="已启动")
        href = f'href="/lines/{free["id"]}"'
        assert href in pile(province.get("/").text, "decide")
        report = reported["latest_report"]["id"]
        act(office, f"reports/{report}/return", reported["version"], reason="请补充材料")
        assert href in pile(hefei.get("/").text, "returned")
        assert href not in pile(province.get("/").text, "decide")


def pile(page: str, name: str) -> str:
    """The section of a pile; empty when nothing lies there."""
    _, _, rest = page.partition(f'aria-labelledby="pile-{name}"')
    return rest.partition("</section>")[0]
