"""The pages of people: invited, given roles and blocked by forms, by who manages them."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, here
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
    for path in ("/people", "/people/_new", f"/people/{uuid4()}", "/second-factors"):
        assert browser.get(path).status_code == 403


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
