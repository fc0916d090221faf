"""Lines as a board by state, and as bars in time."""

import re
from datetime import date

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.lines import forms
from portal.timeline.rules import Axis
from tests.support import lines

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("following", "total", "count", "more"),
    [(None, None, 2, False), ("abc", None, 2, True), ("abc", 40, 40, False), (None, 2, 2, False)],
)
def test_a_column_counts_what_is_known(following: str | None, total: int | None, count: int, more: bool) -> None:
    column = forms.column("submitted", {"items": [{}, {}], "next": following}, total)
    assert (column.count, column.more) == (count, more)


def line(opened: str, due: str | None, percent: int = 50) -> forms.Json:
    return {"opened_on": opened, "due": due, "percent": percent}


def test_an_axis_holds_today_and_every_line() -> None:
    axis = forms.axis([line("2026-12-24", "2027-03-01"), line("2026-12-01", None)], TODAY)
    assert (str(axis.start), str(axis.end)) == ("2026-11-22", "2027-03-08")
    assert forms.axis([], TODAY).days == 14


@pytest.mark.parametrize(
    ("given", "bar"),
    [
        (line("2026-01-11", "2026-01-31"), ("10.000%", "20.000%", "10.000%")),
        (line("2026-01-11", None, 0), ("10.000%", "90.000%", "0.000%")),
        (line("2026-01-31", "2026-01-11", 100), ("10.000%", "20.000%", "20.000%")),
        (line("2026-01-11", "2026-01-11"), ("10.000%", "0.500%", "0.250%")),
    ],
)
def test_a_bar_goes_from_the_opening_to_the_deadline(given: forms.Json, bar: tuple[str, str, str]) -> None:
    found = forms.bar(given, Axis(date(2026, 1, 1), date(2026, 4, 11)))
    assert (found.x, found.width, found.done) == bar


@pytest.mark.parametrize("form", ["board", "timeline"])
def test_a_list_has_the_form_and_the_filters_of_its_address(system: System, as_user: AsUser, form: str) -> None:
    page = as_user("hefei.admin").get("/lines", params={"as": form, "plan": "3", "state": "not_started"})
    expected = {found["id"] for found in lines(system, "hefei.admin", plan="3", state="not_started")}
    shown = set(re.findall(r'id="line-([0-9a-f-]{36})"', page.text))
    assert shown and shown <= expected
    assert ('class="board"' in page.text, "bar-done" in page.text) == (form == "board", form == "timeline")
