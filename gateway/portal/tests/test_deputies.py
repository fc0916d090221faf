"""Somebody is named a deputy by the pages, works in the other's name, and does not any more."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewBrowser
from gateway.portal.tests.support import here
from gateway.portal.tests.test_periods import submit
from tests.people import forget, keycloak
from tests.support import filing_of, lines, open_period

BOTH = "李四（代蚌埠片区管理员）"


@pytest.fixture
def writer(system: System, as_user: AsUser) -> Iterator[str]:
    """The account of one of Bengbu who is no administrator."""
    name, head, admin = f"page-{uuid4().hex[:10]}", as_user("bengbu.admin"), keycloak(system)
    given = {"name": "李四", "username": name, "email": f"{name}@example.cn", "roles": "city"}
    head.submit(head.get("/people/_new"), "/_new", **given)
    id_ = str(admin.get_user_id(name))
    admin.set_user_password(id_, system.password, temporary=False)
    admin.update_user(id_, admin.get_user(id_) | {"requiredActions": []})
    yield name
    forget(system, name)


def _persons(system: System, deputy: str) -> dict[str, str]:
    """As the form names who is away and who stands in."""
    admin = keycloak(system)
    return {"absent": str(admin.get_user_id("bengbu.admin")), "deputy": str(admin.get_user_id(deputy))}


def test_a_writer_checks_for_the_administrator_until_it_is_withdrawn(
    system: System, as_user: AsUser, new_browser: NewBrowser, writer: str
) -> None:
    line = lines(system, "bengbu.admin", state="not_started")[0]
    filing = filing_of(system, open_period(system, [line["task"]["plan"]["code"]]), line["id"])
    path, head, li = f"/filings/{filing['id']}", as_user("bengbu.admin"), new_browser()
    li.log_in(writer)
    written = {"percent": "20", "done": "已印发方案", "problems": "", "next_steps": "组织实施"}
    submitted = submit(li, li.get(path), filing, "submit", **written)
    assert "已提交本单位审核" in submitted.text and 'value="check"' not in submitted.text

    named = _persons(system, writer) | {"since": str(today()), "until": str(today() + timedelta(3))}
    refused = head.submit(head.get("/deputies"), "/deputies", **named | {"until": "2020-01-01"})
    assert (refused.status_code, 'id="f-until-error"' in refused.text) == (422, True)
    page = head.submit(refused, "/deputies", **named)
    assert "代理人已指定" in page.text

    assert 'href="/deputies">代蚌埠片区管理员' in li.get("/about").text
    assert "您被指定代蚌埠片区管理员办理工作" in li.get("/inbox").text
    desk = li.submit(li.get("/deputies"), "/acting/")
    assert "您正在代蚌埠片区管理员办理" in desk.text and BOTH in desk.text
    assert [li.get(page).status_code for page in ("/people", "/deputies", "/robots")] == [404, 404, 200]
    sent = submit(li, li.get(path), filing, "check")
    assert "已报送省自贸办" in sent.text and BOTH in sent.text
    back = li.submit(sent, "/acting/_back")
    assert "已恢复本人身份" in back.text and BOTH not in back.text and li.get("/robots").status_code == 404

    li.submit(li.get("/deputies"), "/acting/")
    form = li.get("/robots/_new")
    assert "代理已收回" in head.submit(head.get("/deputies"), "/withdraw").text
    given = {"kind": "wecom", "name": "代办群", "url": "http://127.0.0.1/?key=1"}
    late = li.submit(form, "/robots/_new", **given)
    assert (late.status_code, "代理已结束" in late.text, BOTH in late.text) == (403, True, False)
    assert "代办群" not in head.get("/robots").text and li.get("/robots").status_code == 404

    head.submit(head.get("/deputies"), "/deputies", **named)
    li.submit(li.get("/deputies"), "/acting/")
    head.submit(head.get("/deputies"), "/withdraw")
    told = li.get("/lines")
    assert (here(told), "代理已结束，已恢复本人身份" in told.text) == ("/", True)
    assert BOTH in head.get(path).text
    assert "代蚌埠片区管理员" not in li.get("/inbox").text


def test_who_is_alone_in_an_office_reads_what_comes_first(as_user: AsUser) -> None:
    page = as_user("dept.hfhg").get("/deputies").text
    assert ("本单位只有一个账号能登录" in page, 'name="deputy"' in page) == (True, False)
