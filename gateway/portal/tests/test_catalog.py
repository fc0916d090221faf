"""Plans, zones, units, editions: who sees them, who changes them."""

import html
import re

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import csrf, here

CATALOG = "/api/catalog/v1"
READERS = ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"]
OTHERS = READERS[1:]
HARM = '<script>alert("1")</script>'


def error_at(page: httpx.Response, field: str) -> str:
    """What stands below a field of a form."""
    found = re.search(rf'id="f-{field}-error">.*?</svg>([^<]+)</div>', page.text, re.DOTALL)
    assert found, page.text
    assert f'aria-describedby="f-{field}' in page.text
    return html.unescape(found[1])


@pytest.mark.parametrize("user", READERS)
def test_plans_show_what_was_announced_beside_what_was_entered(system: System, as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/plans")
    with system.client(user) as client:
        plans = client.get(f"{CATALOG}/plans", params={"limit": 200}).json()["items"]
    for plan in plans:
        assert f'href="/plans/{plan["code"]}"' in page.text
    announced = re.findall(r"通知所列</dt><dd>(\d+) 项.*?已录入</dt><dd>(\d+) 项", page.text, re.DOTALL)
    known = [plan for plan in plans if plan["announced_tasks"]]
    assert announced == [(str(plan["announced_tasks"]), str(plan["tasks"])) for plan in known]
    assert {"24", "33", "32"} <= {number for number, _ in announced}


@pytest.mark.parametrize("user", READERS)
def test_a_zone_shows_what_is_known_of_it(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/zones/hefei"' in browser.get("/zones").text
    page = browser.get("/zones/hefei")
    for known in ("64.95", "1.4", "集成电路", "24 项重点工作", 'href="/units/hfs"'):
        assert known in page.text
    assert ("/zones/hefei/edit" in page.text) == (user == "province.admin")


@pytest.mark.parametrize("user", OTHERS)
@pytest.mark.parametrize("path", ["/zones/_new", "/zones/hefei/edit", "/units/_new", "/units/swt/edit"])
def test_only_the_province_changes_zones_and_units(as_user: AsUser, user: str, path: str) -> None:
    browser = as_user(user)
    page = browser.get("/zones")
    assert browser.get(path).status_code == 404
    given = {"_csrf": csrf(page), "_version": "1", "name": "改名", "code": "gaiming", "kind": "linked"}
    assert browser.post(path, data=given).status_code == 403


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "hefei"}, "code"),
        ({"code": "province"}, "code"),
        ({"code": "A b"}, "code"),
        ({"name": "合肥片区"}, "name"),
        ({"name": ""}, "name"),
        ({"kind": "colony"}, "kind"),
        ({"city": "合肥市"}, "city"),
        ({"area_km2": "很大"}, "area_km2"),
        ({"bonded_area_km2": "-1"}, "bonded_area_km2"),
        ({"positioning": "长" * 5001}, "positioning"),
        ({"industries": "、".join(f"产业{n}" for n in range(51))}, "industries"),
    ],
)
def test_a_further_zone_is_refused_at_its_field(as_user: AsUser, given: dict[str, str], field: str) -> None:
    browser = as_user("province.admin")
    page = browser.get("/zones/_new")
    whole = {"code": "never-added", "name": f"不会添加{HARM}", "kind": "linked", "positioning": HARM}
    answer = browser.submit(page, "/zones/_new", **(whole | given))
    assert answer.status_code in (409, 422)
    assert error_at(answer, field)
    assert HARM not in answer.text
    if "name" not in given:
        assert f'value="{html.escape(whole["name"], quote=True)}"' in answer.text.replace("&#34;", "&quot;")
    assert browser.get("/zones/never-added").status_code == 404


def test_a_zone_is_saved_unless_it_changed_meanwhile(system: System, as_user: AsUser) -> None:
    browser = as_user("province.admin")
    with system.client("province.admin") as client:
        zone = client.get(f"{CATALOG}/zones/hefei").json()
    same = {"kind": zone["kind"], "positioning": zone["positioning"], "industries": "、".join(zone["industries"])}
    saved = browser.submit(browser.get("/zones/hefei/edit"), "/zones/hefei/edit", **same)
    assert here(saved) == "/zones/hefei"
    assert "已保存" in saved.text
    stale = browser.submit(browser.get("/zones/hefei/edit"), "/zones/hefei/edit", **same, _version="999")
    assert stale.status_code == 412
    assert "内容已被他人修改" in stale.text
    with system.client("province.admin") as client:
        assert client.get(f"{CATALOG}/zones/hefei").json() == zone


@pytest.mark.parametrize("path", ["/zones/nowhere", "/zones/Hefei", "/units/nobody", "/editions/99999", "/editions/0"])
def test_what_is_not_there_is_not_found(as_user: AsUser, path: str) -> None:
    browser = as_user("province.admin")
    assert browser.get(path).status_code in (404, 422)


@pytest.mark.parametrize("user", READERS)
def test_units_are_found_by_kind_and_alias(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/units?kind=central&q=中华人民共和国合肥海关")
    assert re.findall(r'class="task-title" href="/units/([a-z0-9-]+)"', page.text) == ["hfhg"]
    assert "没有符合条件的单位" in browser.get("/units?q=不存在的单位").text
    assert ("/units/_new" in page.text) == (user == "province.admin")
    assert browser.get("/units?kind=club").status_code == 422


def test_a_unit_is_suggested_by_name_and_alias(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    assert '<option value="合肥海关">' in browser.get("/units/_suggestions?unit=海关").text
    assert '<option value="安徽省商务厅">' in browser.get("/units/_suggestions?unit=安徽省商").text


def test_a_unit_leads_to_its_tasks(system: System, as_user: AsUser) -> None:
    browser = as_user("dept.swt")
    page = browser.get("/units/swt")
    with system.client("dept.swt") as client:
        led = client.get(f"{CATALOG}/tasks", params={"unit": "swt", "role": "lead", "limit": 8}).json()["items"]
    for task in led:
        assert f'href="/tasks/{task["code"]}"' in page.text
    assert 'href="/tasks?unit=swt&amp;role=lead"' in page.text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "swt"}, "code"),
        ({"code": "有限"}, "code"),
        ({"name": "省商务厅"}, "name"),
        ({"name": "厅"}, "name"),
        ({"kind": "club"}, "kind"),
        ({"aliases": "\n".join(f"别名{n}" for n in range(21))}, "aliases"),
    ],
)
def test_a_further_unit_is_refused_at_its_field(as_user: AsUser, given: dict[str, str], field: str) -> None:
    browser = as_user("province.admin")
    page = browser.get("/units/_new")
    whole = {"code": "never-added", "name": f"不会添加{HARM}", "kind": "office", "aliases": HARM}
    answer = browser.submit(page, "/units/_new", **(whole | given))
    assert answer.status_code in (409, 422)
    assert error_at(answer, field)
    assert HARM not in answer.text
    assert browser.get("/units/never-added").status_code == 404


def test_aliases_are_changed_and_are_text(as_user: AsUser) -> None:
    """And changed back."""
    browser = as_user("province.admin")
    page = browser.get("/units/swt/edit")
    before = html.unescape(re.findall(r'name="aliases"[^>]*>([^<]*)</textarea>', page.text)[0])
    changed = browser.submit(page, "/units/swt/edit", name="省商务厅", kind="department", aliases=f"{before}\n{HARM}")
    try:
        assert here(changed) == "/units/swt"
        assert HARM in html.unescape(changed.text)
        for shown in (changed, browser.get("/units?q=alert"), browser.get("/units/_suggestions?unit=alert")):
            assert HARM not in shown.text
        assert "/units/swt" in browser.get("/units?q=alert").text
    finally:
        page = browser.get("/units/swt/edit")
        browser.submit(page, "/units/swt/edit", name="省商务厅", kind="department", aliases=before)
    assert "alert(" not in browser.get("/units/swt").text


@pytest.mark.parametrize("user", READERS)
def test_editions_are_listed_and_compared(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/editions?status=published")
    assert 'href="/editions/1"' in page.text
    assert "草案</span>" not in page.text
    first = browser.get("/editions/1")
    assert "<title>第 1 版 · " in first.text
    assert "新增的任务" in first.text
    assert 'href="/tasks?edition=1"' in first.text
    assert 'id="publish"' not in first.text
    assert browser.get("/editions/1?with=99999").status_code == 404
