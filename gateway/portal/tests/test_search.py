"""The search page."""

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from tests.support import lines


def test_what_is_found_leads_to_its_page(as_user: AsUser, system: System) -> None:
    line = lines(system, "hefei.admin", plan="3")[0]
    browser = as_user("hefei.admin")
    page = browser.get("/search", params={"q": f"合肥 {line['task']['title']}"}).text
    assert f'href="/lines/{line["id"]}"' in page
    assert 'href="/search"' in page
    assert browser.get("/search", params={"q": "kjt"}).text.count('href="/units/kjt"') == 1


def test_nothing_found_says_what_to_do(as_user: AsUser) -> None:
    page = as_user("dept.swt").get("/search", params={"q": "<没有>"}).text
    assert "没有找到“&lt;没有&gt;”" in page
    assert "查找事项、督办单" in as_user("dept.swt").get("/search").text


def test_others_do_not_have_it(as_user: AsUser) -> None:
    browser = as_user("operator.demo")
    assert browser.get("/search", params={"q": "口岸"}).status_code == 404
    assert 'href="/search"' not in browser.get("/").text
