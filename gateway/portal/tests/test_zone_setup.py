"""Setting up a zone: each step says what is done and what is next, by what there is of the zone; and closing one."""

import re
from collections.abc import Iterator

import pytest

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewBrowser
from gateway.portal.tests.support import here
from portal.zones.rules import Json, Standing
from tests.support import (
    CATALOG,
    PROGRESS,
    client_of,
    forget_manuscript,
    get,
    lines,
    on_manuscript,
    submit_manuscript,
    until,
)
from tests.zones import linked_zone

NOTHING: Json = {"published_tasks": 0, "status": "published"}
BEGUN, SUBMITTED = {**NOTHING, "status": "written"}, {**NOTHING, "status": "submitted"}
PUBLISHED = {**NOTHING, "published_tasks": 2}
NOBODY, SOMEBODY = {"people": 1, "administrators": 0}, {"people": 2, "administrators": 1}
NEXT = re.compile(r'id="step-(\w+)".*?<span class="mark[^"]*">.*?</svg>([^<]+)</span>', re.DOTALL)
TASK = {"number": 1, "title": "建设向导试验平台", "responsibilities": [{"unit": "蚌埠市", "role": "lead"}]}


@pytest.mark.parametrize(
    ("standing", "steps", "ready", "settling"),
    [
        (Standing(NOBODY, NOTHING, [], False, 0), "waiting open open waiting waiting", False, True),
        (Standing(NOBODY, NOTHING, [], True, 0), "done open open waiting waiting", False, False),
        (Standing(SOMEBODY, BEGUN, [], True, 0), "done done open waiting waiting", False, False),
        (Standing(SOMEBODY, SUBMITTED, [{}], True, 0), "done done done open waiting", False, False),
        (Standing(SOMEBODY, PUBLISHED, [], True, 0), "done done done done waiting", False, True),
        (Standing(SOMEBODY, PUBLISHED, [], True, 2), "done done done done done", True, False),
        (Standing(NOBODY, PUBLISHED, [], True, 2), "done open done done done", False, False),
        (Standing(SOMEBODY, PUBLISHED, [{}], True, 2), "done done done open done", True, False),
        (Standing(SOMEBODY, NOTHING, [], True, 9), "done done done done done", True, False),
        (Standing(SOMEBODY, BEGUN, [], True, 9), "done done open waiting done", True, False),
        (Standing(None, PUBLISHED, [], None, None), "unknown unknown done done unknown", False, False),
    ],
)
def test_the_steps_follow_from_what_there_is(standing: Standing, steps: str, ready: bool, settling: bool) -> None:
    assert list(standing.steps) == ["facts", "tenant", "people", "plan", "publication", "lines"]
    assert " ".join(standing.steps.values()) == f"done {steps}"
    assert (standing.ready, standing.settling) == (ready, settling)


@pytest.fixture
def bengbu(system: System) -> Iterator[str]:
    """Its plan stands as it is published, before and after."""
    forget_manuscript(system, "bengbu")
    yield "bengbu"
    for draft in get(system, "province.admin", f"{CATALOG}/editions", status="draft")["items"]:
        if draft["plans"] == ["bengbu"] and "return" in draft["actions"]:
            path, headers = f"{CATALOG}/editions/{draft['id']}/return", {"If-Match": f'"{draft["version"]}"'}
            client_of(system, "province.admin").post(path, json={"remarks": "试验"}, headers=headers).raise_for_status()
    forget_manuscript(system, "bengbu")


def test_the_page_shows_that_a_zone_works_and_what_is_next(system: System, as_user: AsUser, bengbu: str) -> None:
    province, path = as_user("province.admin"), "/zones/bengbu/setup"
    assert f'href="{path}"' in province.get("/zones/bengbu").text
    page = province.get(path).text
    assert "progress.bengbu" in page
    assert f"已开立推进事项 {len(lines(system, 'province.admin', jurisdiction='bengbu'))} 项" in page
    assert "片区已可正常使用" in page
    steps = dict(NEXT.findall(page))
    assert {steps[name] for name in ("facts", "tenant", "people", "plan", "lines")} == {"已完成"}
    on_manuscript(system, "bengbu.admin", "bengbu", "PUT", tasks=[TASK])
    page = province.get(path).text
    assert "已编制任务 1 项，尚未提交" in page
    assert dict(NEXT.findall(page))["plan"] == "待办理"
    draft = submit_manuscript(system, "bengbu.admin", "bengbu")
    page = province.get(path, headers={"HX-Request": "true"}).text
    assert f'href="/editions/{draft}"' in page and "<html" not in page
    assert dict(NEXT.findall(page))["publication"] == "待办理"


@pytest.mark.parametrize("user", ["hefei.admin", "dept.swt", "auditor.demo", "security.demo"])
def test_the_page_is_the_province_s(as_user: AsUser, user: str) -> None:
    assert as_user(user).get("/zones/hefei/setup").status_code == 404


def test_a_zone_that_there_is_not_is_not_found(as_user: AsUser) -> None:
    province = as_user("province.admin")
    assert province.get("/zones/nowhere/setup").status_code == 404
    assert here(province.get("/zones/_new")) == "/zones/_new"


def test_a_zone_is_closed_with_a_reason_and_opened_again(
    system: System, as_user: AsUser, new_browser: NewBrowser
) -> None:
    with linked_zone(system) as zone:
        province, path, person = as_user("province.admin"), f"/zones/{zone['code']}", new_browser()
        assert f'value="zone:{zone["code"]}"' in province.get("/orders/_new").text
        assert province.submit(province.get(path), f"{path}/closing", reason=" ").status_code == 422
        closed = province.submit(province.get(path), f"{path}/closing", reason="并入皖江片区")
        assert here(closed) == path and "并入皖江片区" in closed.text
        assert f"{path}/edit" not in closed.text
        assert f'href="{path}"' in province.get("/zones").text.partition("已撤销")[2]
        assert zone["code"] not in province.get("/orders/_new").text
        until(lambda: _closed(system, zone["code"]))
        written = f"{CATALOG}/manuscripts/{zone['code']}"
        refused = client_of(system, zone["user"]).put(written, json={"tasks": []}, headers={"If-Match": '"0"'})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/zone-closed")
        assert get(system, zone["user"], written)["actions"] == []
        page = person.log_in(zone["user"], "/problems")
        assert here(page) == "/problems" and "本片区已撤销" in page.text and "/problems/_new" not in page.text
        assert person.get("/cases/_new").status_code == 404
        opened = province.submit(province.get(path), f"{path}/reopening", reason="继续推进")
        assert f"{path}/edit" in opened.text and "并入皖江片区" not in opened.text
        until(lambda: not _closed(system, zone["code"]))


def _closed(system: System, code: str) -> bool:
    places = get(system, "province.admin", f"{PROGRESS}/jurisdictions")["items"]
    return next(place["closed_on"] is not None for place in places if place["code"] == code)
