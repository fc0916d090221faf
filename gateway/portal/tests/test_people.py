"""The pages of people: invited, given roles and blocked by forms, by who manages them."""

import re
from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from openpyxl import Workbook, load_workbook

from chassis.spreadsheets import MEDIA_TYPE
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from tests.people import forget, keycloak

CHECKED = re.compile(r'name="roles" value="(\w+)" checked')


@pytest.fixture
def account(system: System) -> Iterator[str]:
    """The name of one that the test may make."""
    name = f"page-{uuid4().hex[:10]}"
    yield name
    forget(system, name)


def test_people_of_the_office_are_managed_by_forms(as_user: AsUser, account: str) -> None:
    hefei = as_user("hefei.admin")
    assert 'href="/people"' in hefei.get("/about").text
    given = {"name": "王小红", "username": account, "email": f"{account}@example.cn", "roles": "city"}
    refused = hefei.submit(hefei.get("/people/_new"), "/_new", **given | {"email": "hefei.admin@zoneportal.internal"})
    assert refused.status_code == 409 and "#f-email" in refused.text
    page = hefei.submit(refused, "/_new", **given)
    assert "已邀请，邮件已发往" in page.text
    path = here(page)
    page = hefei.submit(page, f"{path}/roles", roles=["city", "admin"])
    assert "已保存" in page.text
    page = hefei.submit(page, f"{path}/reset", what=["password", "second_factors"])
    assert "已重置，邮件已发往" in page.text and "目前没有登录" in page.text
    page = hefei.submit(page, f"{path}/block", reason="调离")
    assert "已停用" in page.text and f"{path}/unblock" in page.text
    assert "已停用" in hefei.get("/people", params={"q": "小红"}).text
    assert as_user("wuhu.admin").get(path).status_code == 404


def test_the_security_administrator_chooses_the_office_first(as_user: AsUser) -> None:
    security = as_user("security.demo")
    assert 'name="office"' in security.get("/people/_new").text
    hats = security.get("/people/_new", params={"office": "system"})
    assert 'type="radio"' in hats.text and 'name="username"' in hats.text
    assert "auditor.demo" in security.get("/people", params={"office": "system"}).text


@pytest.mark.parametrize("user", ["dept.swt", "operator.demo", "auditor.demo"])
def test_others_have_no_such_page(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/people"' not in browser.get("/about").text
    for path in ("/people", "/people/_new", "/people/_import", f"/people/{uuid4()}", "/second-factors"):
        assert browser.get(path).status_code == 404


def test_who_has_a_demanded_role_sets_up_a_second_factor_at_the_next_login(
    system: System, as_user: AsUser, account: str
) -> None:
    security, admin = as_user("security.demo"), keycloak(system)
    given = {"name": "运维乙", "username": account, "email": f"{account}@example.cn", "roles": "operator"}
    security.submit(security.get("/people/_new", params={"office": "system"}), "/_new", **given)
    id_ = str(admin.get_user_id(account))
    admin.set_user_password(id_, system.password, temporary=False)
    admin.update_user(id_, admin.get_user(id_) | {"requiredActions": []})
    page = security.submit(security.get("/second-factors"), "/second-factors", roles=["operator"])
    try:
        assert "已保存" in page.text and CHECKED.findall(page.text) == ["operator"]
        with Browser(system) as browser:
            assert "execution=CONFIGURE_TOTP" in browser.log_in(account).text
    finally:
        page = security.submit(security.get("/second-factors"), "/second-factors", roles=[])
    assert CHECKED.findall(page.text) == []
    with Browser(system) as browser:
        assert here(browser.log_in(account, "/about")) == "/about"


def test_a_sheet_is_taken_whole_or_not_at_all(as_user: AsUser, account: str) -> None:
    hefei = as_user("hefei.admin")
    template = load_workbook(BytesIO(hefei.get("/people/_template").content))
    sheet = template["用户"]
    sheet.append(["周正", account, f"{account}@example.cn", "", ""])
    sheet.append(["吴敏", "hefei.admin", "wu@example.cn", "", "安全管理员"])
    page = _sent(hefei, template)
    assert page.status_code == 422 and "第 3 行“角色”" in page.text
    sheet["E3"] = ""
    assert "第 3 行“用户名”：该用户名已被使用" in _sent(hefei, template).text
    assert "没有找到用户" in hefei.get("/people", params={"q": account}).text
    sheet.delete_rows(3)
    page = _sent(hefei, template)
    assert "已邀请 1 人" in page.text and account in page.text


def _sent(browser: Browser, book: Workbook) -> httpx.Response:
    out = BytesIO()
    book.save(out)
    file = {"file": ("用户导入.xlsx", out.getvalue(), MEDIA_TYPE)}
    return browser.post("/people/_import", data={"_csrf": csrf(browser.get("/people/_import"))}, files=file)
