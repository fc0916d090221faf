"""Orders and problems by their pages: from a line to the end, by those who may, and shown to nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from tests.support import attach, lines

DAY = (today() + timedelta(20)).isoformat()


@pytest.fixture
def title(system: System) -> Iterator[str]:
    yield f"督办检验 {uuid4().hex[:8]}"


def take(browser: Browser, address: str, act: str, **given: str) -> str:
    """Fills in the form of a step; the text of the page that follows."""
    page = browser.get(address)
    assert f'name="act" value="{act}"' in page.text, page.text
    version = page.text.split('name="_version" value="', 1)[1].partition('"')[0]
    form = {"_csrf": csrf(page), "_key": uuid4().hex, "_version": version, "act": act}
    return browser.post(address, data=form | given).text


def test_an_order_goes_its_way_from_a_line_to_its_closure(system: System, as_user: AsUser, title: str) -> None:
    province, city, other = as_user("province.admin"), as_user("hefei.admin"), as_user("wuhu.admin")
    line = lines(system, "hefei.admin")[0]
    assert f"/orders/_new?line={line['id']}" in province.get(f"/lines/{line['id']}").text
    form = province.get("/orders/_new", params={"line": line["id"]})
    given = {"title": title, "requirement": "请报方案", "source": "lines", "lead": "zone:hefei", "lines": line["id"]}
    wrong = province.post("/orders/_new", data=given | {"deadline": "", "_csrf": csrf(form), "_key": uuid4().hex})
    assert (wrong.status_code, title in wrong.text, 'id="f-deadline-error"' in wrong.text) == (422, True, True)
    made = province.post("/orders/_new", data=given | {"deadline": DAY, "_csrf": csrf(form), "_key": uuid4().hex})
    order = here(made)
    assert "已立项" in made.text and city.get(order).status_code == 404
    assert "督办单已交办" in take(province, order, "issue", sign_due=today().isoformat())
    assert title in city.get("/").text and title in city.get("/orders?waiting=true").text
    assert title in city.get(f"/lines/{line['id']}").text
    assert title not in other.get("/orders").text and other.get(order).status_code == 404
    assert "已签收" in take(city, order, "sign")
    assert "反馈已提交" in take(city, order, "reply", text="已开工")
    assert "办结申请已提交" in take(city, order, "apply", text="已完成")
    assert title in province.get("/").text
    assert "必填" in take(province, order, "return") or "至少" in take(province, order, "return")
    take(province, order, "conclude")
    take(province, order, "verify", text="属实")
    assert "销号须附佐证材料" in take(province, order, "close", evidence="皖自贸〔2026〕5号")
    attach(system, "province.admin", "order", order.rpartition("/")[2])
    closed = take(province, order, "close", evidence="皖自贸〔2026〕5号")
    assert "已销号" in closed and "皖自贸〔2026〕5号" in closed
    assert "目前没有需要您进行的操作" in closed


def test_an_order_is_registered_and_issued_at_once(system: System, as_user: AsUser, title: str) -> None:
    province, city = as_user("province.admin"), as_user("hefei.admin")
    form = {"title": title, "requirement": "请报方案", "source": "meeting", "lead": "zone:hefei", "deadline": DAY}
    form |= {"act": "issue", "_csrf": csrf(province.get("/orders/_new"))}
    lacking = province.post("/orders/_new", data=form | {"_key": uuid4().hex})
    assert (lacking.status_code, 'id="f-sign_due-error"' in lacking.text) == (422, True)
    assert title not in province.get("/orders").text
    late = province.post("/orders/_new", data=form | {"_key": uuid4().hex, "sign_due": "2100-01-01"})
    assert (late.status_code, "签收时限应在" in late.text) == (422, True)
    assert "已立项" in late.text and title not in city.get("/orders").text
    given = form | {"_key": uuid4().hex, "sign_due": DAY}
    issued, again = (province.post("/orders/_new", data=given) for _ in range(2))
    assert "督办单已交办" in issued.text and here(again) == here(issued)
    assert city.get(here(issued)).status_code == 200


def test_a_problem_is_raised_on_a_line_answered_and_settled(system: System, as_user: AsUser, title: str) -> None:
    city, asked, other = as_user("hefei.admin"), as_user("dept.hfhg"), as_user("wuhu.admin")
    line = lines(system, "hefei.admin")[0]
    form = city.get("/problems/_new", params={"line": line["id"]})
    given = {"title": title, "description": "请协调", "addressee": "unit:hfhg", "line_id": line["id"]}
    wrong = city.post("/problems/_new", data=given | {"answer_due": "x", "_csrf": csrf(form), "_key": uuid4().hex})
    assert (wrong.status_code, title in wrong.text) == (422, True)
    made = city.post("/problems/_new", data=given | {"answer_due": DAY, "_csrf": csrf(form), "_key": uuid4().hex})
    problem = here(made)
    assert title in asked.get("/").text and title in city.get(f"/lines/{line['id']}").text
    assert title not in other.get("/problems").text and other.get(problem).status_code == 404
    assert "需协调问题" in city.get("/overview").text
    assert "答复已提交" in take(asked, problem, "answer", text="已安排")
    assert title in city.get("/problems?waiting=true").text
    assert "问题已解决" in take(city, problem, "settle", text="已到位")


@pytest.mark.parametrize(("path", "allowed"), [("/orders/_new", "province.admin"), ("/problems/_new", "hefei.admin")])
def test_the_forms_are_for_those_who_may_use_them(as_user: AsUser, path: str, allowed: str) -> None:
    for user in ("province.admin", "hefei.admin", "auditor.demo"):
        assert as_user(user).get(path).status_code == (200 if user == allowed else 404)


def test_another_zone_is_asked_and_sees_the_problem_without_its_line(system: System, as_user: AsUser) -> None:
    title, line = f"共用仓库{uuid4().hex[:8]}", lines(system, "hefei.admin", jurisdiction="hefei")[0]
    city, asked = as_user("hefei.admin"), as_user("wuhu.admin")
    form = city.get("/problems/_new", params={"line": line["id"]})
    assert ('value="zone:wuhu"' in form.text, 'value="zone:hefei"' in form.text) == (True, False)
    given = {"title": title, "description": "请协调。", "addressee": "zone:wuhu", "answer_due": DAY}
    sent = given | {"line_id": line["id"], "_csrf": csrf(form), "_key": uuid4().hex}
    problem = here(city.post("/problems/_new", data=sent))
    assert line["task"]["title"] in city.get(problem).text
    assert title in asked.get("/").text
    shown = asked.get(problem).text
    assert (title in shown, line["task"]["title"] in shown, line["id"] in shown) == (True, False, False)
    assert as_user("bengbu.admin").get(problem).status_code == 404
    assert "答复已提交" in take(asked, problem, "answer", text="可以共用")
