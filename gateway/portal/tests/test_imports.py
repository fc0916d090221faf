"""From a notice to a draft edition; nothing here is published."""

import html
import re
from pathlib import Path

import httpx
import pytest

from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from gateway.portal.tests.test_catalog import error_at

NOTICE = Path(__file__).parents[3] / "data" / "notice.txt"
HEFEI = "合肥片区建设实施方案\n1．推进制度创新试点。加快推进制度创新试点。（责任单位：合肥市）\n"
HARM = "<script>alert(1)</script>"


def upload(browser: Browser, name: str, content: str | bytes) -> httpx.Response:
    page = browser.get("/imports")
    given = content.encode() if isinstance(content, str) else content
    return browser.post("/imports", data={"_csrf": csrf(page)}, files={"file": (name, given)})


@pytest.mark.parametrize(
    ("name", "content", "status", "why"),
    [
        ("notice.pdf", b"%PDF", 422, ".txt、.docx"),
        ("empty.txt", b"", 422, "文件是空的"),
        ("letter.txt", "今天天气很好。".encode(), 422, "不是可识别的任务通知"),
        ("broken.docx", b"PK\x03\x04", 422, "不是有效的 .docx"),
        ("large.txt", b"a" * (5 * 1024 * 1024 + 1), 413, "文件超过 5 MB"),
    ],
)
def test_a_file_is_refused_at_its_field(as_user: AsUser, name: str, content: bytes, status: int, why: str) -> None:
    browser = as_user("province.admin")
    answer = upload(browser, name, content)
    assert answer.status_code == status
    assert why in error_at(answer, "file")


def test_a_reader_of_english_is_refused_in_english(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    browser.get("/language/en")
    refused = upload(browser, "empty.txt", b"")
    assert "The file is empty" in error_at(refused, "file")
    assert "Something in what was sent is not right" in refused.text
    nothing = browser.post("/imports", data={"_csrf": csrf(refused)})
    assert "No file was chosen" in error_at(nothing, "file")


def test_an_upload_without_a_file_says_so(as_user: AsUser) -> None:
    browser = as_user("hefei.admin")
    page = browser.get("/imports")
    assert error_at(browser.post("/imports", data={"_csrf": csrf(page)}), "file") == "尚未选择文件"


@pytest.mark.parametrize("user", ["dept.swt", "auditor.demo"])
def test_others_import_nothing(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/plans")
    assert "/imports" not in page.text
    assert browser.get("/imports").status_code == 404
    assert browser.post("/imports", data={"_csrf": csrf(page)}, files={"file": ("a.txt", HEFEI)}).status_code == 403


@pytest.mark.parametrize("text", [NOTICE.read_text(), HEFEI.replace("合肥", "芜湖")])
def test_a_zone_imports_its_own_plan_only(as_user: AsUser, text: str) -> None:
    browser = as_user("hefei.admin")
    answer = upload(browser, "notice.txt", text)
    assert answer.status_code == 403
    assert error_at(answer, "file") == "不是本片区的实施方案"


def test_a_changed_notice_shows_the_words_that_changed(as_user: AsUser) -> None:
    """And a unit that nobody knows, at its place, as text."""
    browser = as_user("province.admin")
    sentence = "创造公平竞争的制度环境。"
    units = "（责任单位：省市场监管局，合肥市、芜湖市、蚌埠市）"
    text = NOTICE.read_text().replace(sentence, f"创造更加{sentence[2:]}", 1)
    page = upload(
        browser, f"通知{HARM.replace('/', '')}.txt", text.replace(units, f"（责任单位：省市场监管局、省{HARM}局）", 1)
    )
    assert re.fullmatch(r"/imports/[0-9a-f-]{36}", here(page))
    assert "<script>alert" not in page.text
    assert "<ins>更加</ins>" in page.text
    assert "<del>" in page.text
    (warning,) = [part for part in page.text.split('class="warning-name"')[1:] if "目录中没有的单位" in part]
    stretch = html.unescape(re.findall(r"<mark>(.*?)</mark>", warning, re.DOTALL)[0])
    assert f"省{HARM}局" in stretch


def test_the_draft_of_a_zone_is_seen_by_the_zone_and_the_province(as_user: AsUser) -> None:
    hefei, wuhu, province = as_user("hefei.admin"), as_user("wuhu.admin"), as_user("province.admin")
    preview = upload(hefei, "合肥.txt", HEFEI)
    assert "新增的任务" in preview.text
    draft = hefei.submit(preview, here(preview))
    assert re.fullmatch(r"/editions/[0-9a-f-]{36}", here(draft))
    assert "<title>草案 · " in draft.text
    assert "合肥.txt" in draft.text
    assert here(hefei.submit(preview, here(preview))) == here(draft)
    for path in (here(preview), here(draft)):
        assert wuhu.get(path).status_code == 404
    assert here(draft) not in wuhu.get("/editions").text
    assert 'id="publish"' not in draft.text
    seen = province.get(here(draft))
    assert "推进制度创新试点" in seen.text
    assert "立即成为全省现行任务目录" in seen.text
    assert here(draft) in province.get("/imports").text


def test_a_draft_is_published_by_the_province_and_in_its_present_version_only(as_user: AsUser) -> None:
    hefei, province = as_user("hefei.admin"), as_user("province.admin")
    preview = upload(hefei, "合肥.txt", HEFEI)
    draft = hefei.submit(preview, here(preview))
    assert hefei.post(here(draft), data={"_csrf": csrf(draft), "_version": "1"}).status_code == 403
    for version, status in (("999", 412), ("", 428)):
        answer = province.submit(province.get(here(draft)), here(draft), _version=version)
        assert answer.status_code == status
        assert 'id="problem"' in answer.text
    assert "尚未发布" in province.get("/editions?status=draft").text


def test_an_unknown_import_is_not_found(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    assert browser.get("/imports/01a20f97-e368-7ae4-92e6-000000000000").status_code == 404
    assert browser.get("/imports/x").status_code == 422
