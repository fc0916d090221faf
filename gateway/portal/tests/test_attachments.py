"""Attachments by the pages: added by a form, seen, downloaded, removed; shown to nobody who may not see the thing."""

import re
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf
from tests.support import order_in_hand

PDF = b"%PDF-1.7\ntrailer <<>>\n%%EOF\n"
NAME = "口岸开放方案（定稿）.pdf"


@pytest.fixture
def order(system: System) -> str:
    return order_in_hand(system)


def send(browser: Browser, order: str, *files: tuple[str, bytes]) -> httpx.Response:
    form = {"_csrf": csrf(browser.get(f"/orders/{order}")), "_key": uuid4().hex}
    given = [("file", (name, content, "application/octet-stream")) for name, content in files]
    return browser.post(f"/attachments/of/order/{order}", data=form, files=given)


def test_files_are_added_seen_downloaded_and_removed(as_user: AsUser, order: str) -> None:
    city, province, other = as_user("hefei.admin"), as_user("province.admin"), as_user("wuhu.admin")
    page = send(city, order, (NAME, PDF), ("说明.txt", "已完成".encode())).text
    assert "附件已上传" in page and NAME in page and "说明.txt" in page
    shown = province.get(f"/orders/{order}").text
    assert NAME in shown and 'action="/attachments/' not in shown
    first = re.findall(r'href="/attachments/([0-9a-f-]{36})"', shown)[0]
    assert f'src="/attachments/{first}/content?shown=true"' in province.get(f"/attachments/{first}").text
    saved = province.get(f"/attachments/{first}/content")
    assert saved.content == PDF and saved.headers["content-disposition"].startswith("attachment;")
    assert saved.headers["content-security-policy"].endswith("sandbox")
    in_place = province.get(f"/attachments/{first}/content", params={"shown": "true"})
    assert in_place.headers["content-disposition"].startswith("inline;")
    assert "frame-ancestors 'self'" in in_place.headers["content-security-policy"]
    for path in (f"/attachments/{first}", f"/attachments/{first}/content", f"/attachments/of/order/{order}"):
        assert other.get(path).status_code == 404
    form = {"_csrf": csrf(city.get(f"/orders/{order}")), "_key": uuid4().hex, "_version": "1"}
    assert city.post(f"/attachments/{first}/removal", data=form | {"reason": ""}).status_code == 422
    gone = city.post(f"/attachments/{first}/removal", data=form | {"reason": "传错了", "_key": uuid4().hex}).text
    assert "附件已移除" in gone and "传错了" in gone
    assert province.get(f"/attachments/{first}/content").status_code == 404


def test_what_is_refused_says_why_and_what_came_before_it_stays(as_user: AsUser, order: str) -> None:
    city = as_user("hefei.admin")
    answer = send(city, order, (NAME, PDF), ("程序.pdf", b"MZ"), ("其他.pdf", PDF))
    assert answer.status_code == 422
    assert "程序.pdf：文件内容与扩展名不符。" in answer.text and NAME in answer.text and "其他.pdf" not in answer.text
    assert send(city, order, ("", b"")).status_code == 422


def test_a_large_file_goes_through_all_of_it(as_user: AsUser, order: str) -> None:
    city = as_user("hefei.admin")
    large = PDF + bytes(range(256)) * 4 * 20_000
    page = send(city, order, ("大文件.pdf", large)).text
    (first,) = set(re.findall(r'href="/attachments/([0-9a-f-]{36})"', page))
    assert city.get(f"/attachments/{first}/content").content == large
