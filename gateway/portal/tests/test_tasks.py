"""Tasks: found by filters and words, shown with their source."""

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.tasks import rules

READERS = ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"]
LISTED = re.compile(r'class="task-title" href="/tasks/([a-z0-9-]+)')
CATALOG = "/api/catalog/v1"


def ask(system: System, path: str, user: str = "province.admin", **params: str) -> list[dict[str, Any]]:
    with system.client(user) as client:
        found: list[dict[str, Any]] = (
            client.get(path, params={"limit": "200", **params}).raise_for_status().json()["items"]
        )
        return found


def next_page(page: httpx.Response) -> str | None:
    found = re.search(r'rel="next" href="([^"]+)"', page.text)
    return html.unescape(found[1]) if found else None


@pytest.mark.parametrize("user", READERS)
def test_all_tasks_are_counted_and_paged_through(system: System, as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/tasks")
    tasks = ask(system, f"{CATALOG}/tasks")
    assert f"共 {len(tasks)} 项任务" in page.text
    seen = LISTED.findall(page.text)
    while following := next_page(page):
        page = browser.get(following)
        seen += LISTED.findall(page.text)
    assert seen == [task["code"] for task in tasks]


@pytest.mark.parametrize(
    "filters",
    [
        {"q": "口岸"},
        {"q": "海关 监管"},
        {"plan": "3", "zone": "wuhu"},
        {"unit": "swt", "role": "lead"},
        {"unit": "安徽省商务厅", "role": "member"},
        {"role": "lead", "plan": "8"},
        {"edition": "1", "plan": "9"},
    ],
)
def test_filters_find_what_the_catalog_finds(system: System, as_user: AsUser, filters: Mapping[str, str]) -> None:
    browser = as_user("hefei.admin")
    page = browser.get("/tasks", params=filters)
    seen = LISTED.findall(page.text)
    while following := next_page(page):
        page = browser.get(following)
        seen += LISTED.findall(page.text)
    assert seen == [task["code"] for task in ask(system, f"{CATALOG}/tasks", **filters)]
    assert seen


def test_the_address_keeps_the_filters_and_the_form_shows_them(as_user: AsUser) -> None:
    browser = as_user("dept.swt")
    page = browser.get(
        "/tasks?q=%E5%8F%A3%E5%B2%B8&plan=3&zone=hefei&role=lead&unit=%E7%9C%81%E5%95%86%E5%8A%A1%E5%8E%85"
    )
    assert 'name="q" value="口岸"' in page.text
    assert 'name="unit" value="省商务厅"' in page.text
    for chosen in ("3", "hefei", "lead"):
        assert f'<option value="{chosen}" selected>' in page.text


def test_words_are_marked_where_they_stand(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    assert "<mark>口岸</mark>" in browser.get("/tasks?q=口岸").text


def test_nothing_found_says_what_to_do(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    page = browser.get("/tasks?q=没有这样的任务")
    assert "没有符合条件的任务" in page.text
    assert "<table" not in page.text


@pytest.mark.parametrize("name", ["q", "unit", "plan", "zone"])
def test_what_was_searched_for_is_text_and_no_markup(as_user: AsUser, name: str) -> None:
    browser = as_user("hefei.admin")
    page = browser.get("/tasks", params={name: '"><script>alert(1)</script>'})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("query", ["role=boss", "edition=x", "cursor=%00", f"q={'长' * 101}"])
def test_an_address_that_makes_no_sense_is_refused(as_user: AsUser, query: str) -> None:
    browser = as_user("hefei.admin")
    assert browser.get(f"/tasks?{query}").status_code == 422


@pytest.mark.parametrize("user", READERS)
def test_a_task_stands_beside_its_source(system: System, as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/tasks/39")
    with system.client(user) as client:
        task = client.get(f"{CATALOG}/tasks/39").json()
    shown = html.unescape(page.text)
    assert task["text"] in shown
    assert task["source"]["text"] in shown
    assert f"第 {task['source']['start']}–{task['source']['end']} 字" in shown
    for part in task["responsibilities"]:
        assert f'<a href="/units/{part["unit"]["code"]}">{part["unit"]["name"]}</a>' in shown


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "wuhu.admin", "dept.swt"])
def test_a_task_leads_to_the_lines_that_the_user_may_see(system: System, as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    page = browser.get("/tasks/39")
    lines = ask(system, "/api/progress/v1/lines", user, task="39")
    assert sorted(re.findall(r'href="/lines/([0-9a-f-]{36})"', page.text)) == sorted(line["id"] for line in lines)
    assert ('href="/lines?task=39"' in page.text) == bool(lines)


def test_a_task_is_shown_as_an_edition_has_it(system: System, as_user: AsUser) -> None:
    browser = as_user("auditor.demo")
    with system.client("auditor.demo") as client:
        title = client.get(f"{CATALOG}/tasks/1", params={"edition": 1}).json()["title"]
    page = browser.get("/tasks/1?edition=1")
    assert f"<title>{title}" in html.unescape(page.text)
    assert "第 1 版" in page.text


@pytest.mark.parametrize("path", ["/tasks/999", "/tasks/hefei-999", "/tasks/1?edition=99999"])
def test_what_is_not_there_is_not_found(as_user: AsUser, path: str) -> None:
    browser = as_user("province.admin")
    assert browser.get(path).status_code == 404


def test_the_catalog_is_not_for_operators(as_user: AsUser) -> None:
    browser = as_user("operator.demo")
    for path in ("/tasks", "/tasks/1", "/plans", "/zones", "/units", "/editions", "/imports"):
        assert browser.get(path).status_code == 404, path


def test_marks_make_up_the_text() -> None:
    assert rules.marked("进口口岸，出口口岸", "口岸 出口") == [
        ("进口", False),
        ("口岸", True),
        ("，", False),
        ("出口", True),
        ("口岸", True),
    ]
    assert rules.marked("推进.开放", ".") == [("推进", False), (".", True), ("开放", False)]
    assert rules.marked("推进", " ") == [("推进", False)]


def test_an_excerpt_shows_the_first_hit_that_the_title_does_not() -> None:
    text = "甲" * 50 + "口岸" + "乙" * 100
    shown = rules.excerpt("标题", text, "口岸")
    assert shown == [("…" + "甲" * rules.BEFORE, False), ("口岸", True), ("乙" * rules.AFTER + "…", False)]
    assert rules.excerpt("口岸", text, "口岸") == []
    assert rules.excerpt("标题", text, "海关") == []


def test_hits_are_counted_where_they_are_known() -> None:
    plans = [{"code": "1", "tasks": 8}, {"code": "2", "tasks": 11}]
    more = {"items": [1, 2], "next": "x"}
    none = {"plan": "", "q": ""}
    assert rules.total({"items": [1, 2], "next": None}, {**none, "q": "口岸"}, "", plans) == 2
    assert rules.total(more, none, "", plans) == 19
    assert rules.total(more, {**none, "plan": "2"}, "x", plans) == 11
    assert rules.total(more, {**none, "q": "口岸"}, "", plans) == 0
