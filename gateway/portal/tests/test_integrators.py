"""The pages of integrators: registered, granted, revoked, given a secret, suspended and removed by forms."""

import re
from uuid import uuid4

import pytest

from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import until
from portal.integrators import rules


def test_an_integrator_is_managed_by_forms(as_user: AsUser) -> None:
    security, client = as_user("security.demo"), f"page-{uuid4().hex[:12]}"
    path = f"/integrators/{client}"
    given = {"client": client, "name": "市数据平台", "contact": "data@zoneportal.internal", "tenants": "hefei"}
    refused = security.submit(security.get("/integrators/_new"), "/_new", **given | {"client": "zoneportal-x"})
    assert refused.status_code == 422 and "#f-client" in refused.text
    page = security.submit(refused, "/_new", **given)
    assert "已登记" in page.text and "progress.hefei" in page.text
    page = security.submit(page, f"{path}/grant", tenant="wuhu")
    assert "已授权" in page.text and "progress.wuhu" in page.text
    page = security.submit(page, f"{path}/revoke", tenant="hefei")
    assert "已撤销授权" in page.text and "progress.hefei" not in page.text
    shown = security.submit(page, f"{path}/secret")
    secret = re.search(r'id="secret" value="([^"]{40,})"', shown.text)
    assert secret and shown.headers["cache-control"] == "no-store"
    until(lambda: ("已生效" in security.get(f"{path}/_steps").text and "等待" not in security.get(path).text) or None)
    page = security.get(path)
    assert secret[1] not in page.text
    page = security.submit(page, f"{path}/edit", name="", contact="data@zoneportal.internal")
    assert page.status_code == 422
    page = security.submit(security.get(path), f"{path}/suspension", reason="安全检查")
    assert "已停用" in page.text
    page = security.submit(page, f"{path}/resumption")
    assert "已恢复" in page.text
    page = security.submit(page, f"{path}/removal", reason="不再对接")
    assert "已移除" in page.text


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "operator.demo"])
def test_they_are_the_security_administrators_alone(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/integrators"' not in browser.get("/about").text
    for path in ("/integrators", "/integrators/_new", "/integrators/integrator-hefei"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("integrator", "state"),
    [
        ({"steps": ["in_step", "in_step"]}, "in_step"),
        ({"steps": ["in_step", "waiting"]}, "waiting"),
        ({"steps": ["failed", "waiting"]}, "failed"),
        ({"steps": ["failed"], "suspended": True}, "suspended"),
        ({"steps": ["failed"], "suspended": True, "removed": True}, "removed"),
    ],
)
def test_the_worst_is_shown_first(integrator: dict[str, object], state: str) -> None:
    steps = [{"state": each} for each in integrator["steps"]]  # type: ignore[attr-defined]
    assert rules.state({"suspended": False, "removed": False} | integrator | {"steps": steps}) == state
