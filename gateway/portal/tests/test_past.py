"""The overview of a past day, changes and trends: what the API says, in words; kind about days that nobody counted."""

import re
from datetime import date

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.overview.rules import add
from portal.past import rules
from tests.support import PROGRESS, done, get, lines

USERS = ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"]


@pytest.mark.parametrize("user", USERS)
async def test_a_past_day_is_shown_as_it_was(as_user: AsUser, system: System, kept: date, user: str) -> None:
    then = get(system, user, f"{PROGRESS}/overview?on={kept}")
    shown = as_user(user).get("/overview", params={"on": str(kept)})
    assert (shown.status_code, "24时（北京时间）的情况" in shown.text, "补记" in shown.text) == (200, True, True)
    assert f'<span class="figure ">{then["totals"]["lines"]:,}</span>' in shown.text
    assert f'href="/changes?since={kept}"' in shown.text
    assert 'hx-get="/overview"' not in shown.text
    assert "/lines?jurisdiction=" not in shown.text
    assert f'name="on" value="{kept}"' in shown.text
    assert 'href="/problems?open=true"' not in shown.text


@pytest.mark.parametrize("path", ["/overview?on=2999-01-01", "/changes?until=2999-01-01", "/trends?until=2999-01-01"])
def test_a_day_to_come_gets_a_kind_word(as_user: AsUser, path: str) -> None:
    shown = as_user("hefei.admin").get(path)
    assert (shown.status_code, "2999-01-01 还没有到" in shown.text) == (422, True)
    assert 'type="date"' in shown.text


@pytest.mark.parametrize("path", ["/overview?on=2021-01-22", "/changes?since=2021-01-22", "/trends?since=2021-01-22"])
def test_a_day_before_the_first_gets_a_kind_word(as_user: AsUser, path: str) -> None:
    shown = as_user("dept.swt").get(path)
    assert (shown.status_code, "统计从" in shown.text) == (422, True)


def test_changes_are_told_with_old_and_new_values_and_who_made_them(as_user: AsUser, system: System) -> None:
    line = next(each for each in lines(system, "wuhu.admin", state="not_started") if "report" in each["actions"])
    done(system, "wuhu.admin", line["id"], "reports", percent=31, done="完成招标")
    summary = get(system, "wuhu.admin", f"{PROGRESS}/changes/summary")
    shown = as_user("wuhu.admin").get("/changes", params={"plan": line["task"]["plan"]["code"]}).text
    assert f"/lines/{line['id']}" in shown
    whole = as_user("wuhu.admin").get("/changes").text
    assert f"<strong>{summary['lines']:,}</strong> 项有变化" in whole
    for what, count in rules.counted(summary):
        assert re.search(rf'what={what}"[^>]*>[^<]*<strong>{count:,}</strong>', whole), what


@pytest.mark.parametrize("user", USERS)
def test_trends_have_the_numbers_of_the_api(as_user: AsUser, system: System, user: str) -> None:
    trend = get(system, user, f"{PROGRESS}/trends")
    shown = as_user(user).get("/trends").text
    figures = [number.replace(",", "") for number in re.findall(r'<td class="text-end">([\d,]+)</td>', shown)]
    point = trend["points"][-1]
    numbers = [point["lines"], *point["by_light"].values(), *point["by_state"].values()]
    assert figures[: len(numbers)] == [str(number) for number in numbers]


@pytest.mark.parametrize("path", ["/changes", "/trends"])
def test_those_who_see_no_lines_see_no_days(as_user: AsUser, path: str) -> None:
    assert as_user("operator.demo").get(path).status_code == 404


def test_a_sum_of_a_past_day_leads_to_what_changed_since() -> None:
    cell = {"lines": 2, "by_light": {"red": 1, "green": 1}, "by_state": {"submitted": 2}}
    past = add([cell], since="2026-11-20", plan="1")
    assert past.href() == "/changes?since=2026-11-20&plan=1"
    assert past.href(light="red") == ""
    assert add([cell], plan="1").href(light="red") == "/lines?plan=1&light=red"


def test_changes_of_a_line_carry_what_was_and_what_is() -> None:
    moved = {"before": {"due": None}, "after": {"due": "2027-01-01"}, "changes": [{"what": "due", "times": 2}]}
    came = {"before": None, "after": {"due": None}, "changes": [{"what": "came", "times": 1}]}
    assert rules.changes(moved) == [{"what": "due", "times": 2, "before": None, "after": "2027-01-01"}]
    assert rules.changes(came) == [{"what": "came", "times": 1, "before": None, "after": None}]
