"""Deadlines by days, and the file that other calendars read."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from icalendar import Calendar

from gateway.portal.tests.conftest import AsUser, NewBrowser
from portal.deadlines import ics, rules

LINE, THING = str(uuid4()), str(uuid4())
ITEM = {"kind": "milestone", "id": THING, "line_id": LINE, "title": "口岸；开放,一期\n验收" * 9, "place": "合肥市片区"}


@pytest.mark.parametrize(
    ("written", "first"),
    [("2026-02", "2026-02-01"), ("", "2026-11-01"), ("2026-13", "2026-11-01"), ("2026-2", "2026-11-01")],
)
def test_a_month_is_the_one_of_the_address_or_of_today(written: str, first: str) -> None:
    assert str(rules.first_of(written, date(2026, 11, 29))) == first


def test_a_month_has_whole_weeks_and_what_is_due_on_its_days() -> None:
    month = rules.month(date(2026, 12, 1), [ITEM | {"due": "2026-12-31"}, ITEM | {"due": "2026-12-01"}])
    assert [day.day if day else 0 for day in month.weeks[0]] == [0, 1, 2, 3, 4, 5, 6]
    assert (len(month.weeks), month.before, month.after) == (5, "2026-11", "2027-01")
    assert [(day.day, len(items)) for day, items in month.items.items()] == [(31, 1), (1, 1)]


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (ITEM, f"/lines/{LINE}"),
        (ITEM | {"kind": "order", "line_id": None}, f"/orders/{THING}"),
        (ITEM | {"kind": "period", "line_id": None}, f"/periods/{THING}"),
    ],
)
def test_what_is_due_leads_to_its_page(item: rules.Json, path: str) -> None:
    assert rules.path(item) == path


def test_the_file_is_what_calendars_read() -> None:
    now = datetime(2026, 11, 29, 4, tzinfo=UTC)
    written = ics.written([ITEM | {"due": "2026-12-31"}], "https://portal.example", now)
    assert max(map(len, written.split(b"\r\n"))) <= 75
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 12, 31) and event.decoded("dtend") == date(2027, 1, 1)
    assert str(event["summary"]) == f"节点 · {ITEM['title']} · 合肥市片区"
    assert (str(event["uid"]), str(event["url"])) == (
        f"milestone-{THING}@zoneportal",
        f"https://portal.example/lines/{LINE}",
    )


def test_a_feed_is_read_without_a_login_until_it_is_ended(as_user: AsUser, new_browser: NewBrowser) -> None:
    browser, reader = as_user("wuhu.admin"), new_browser()
    made = browser.submit(browser.get("/calendar"), "/calendar", act="make")
    address = made.text.partition('id="feed-address" readonly value="')[2].partition('"')[0]
    assert "key=" in address and made.headers["cache-control"] == "no-store"
    answer = reader.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, ics.MEDIA_TYPE)
    Calendar.from_ical(answer.content)
    assert address.partition("key=")[2] not in browser.get("/calendar").text
    browser.submit(browser.get("/calendar"), "/calendar", act="revoke")
    assert [reader.get(each).status_code for each in (address, "/calendar.ics?key=x", "/calendar.ics")] == [404] * 3
