"""The pages of cases: drafted, scored, published and taken over by forms; read by everybody when published."""

import re
from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from openpyxl import load_workbook

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser, NewBrowser
from gateway.portal.tests.support import fields, here
from portal.cases.acts import codes
from tests.cases import CASES, acted, evaluating, full_marks, published, written
from tests.support import Json, get


def sent(browser: httpx.Client, page: httpx.Response, act: str, **given: str | list[str]) -> httpx.Response:
    """Sends what the form of an act would, with what is given."""
    form = page.text.split(f'name="act" value="{act}"', 1)[0].rsplit("<form", 1)[1]
    hidden = {name: fields(form)[name] for name in ("_csrf", "_version")}
    data = {**hidden, "_key": str(uuid4()), "act": act, **given}
    return browser.post(page.url.path, data=data)


def now(system: System, case_id: str) -> Json:
    return dict(get(system, "province.admin", f"{CASES}/{case_id}"))


def test_a_case_is_written_and_submitted_by_its_forms(system: System, as_user: AsUser) -> None:
    city = as_user("hefei.admin")
    form = city.get("/cases/_new")
    empty = city.submit(form, "/cases/_new", title="")
    assert (empty.status_code, 'id="f-title-error"' in empty.text) == (422, True)
    title = f"案例{uuid4().hex}"
    rows = {"figure_name": "办理时间", "figure_measure": "天", "figure_before": "30", "figure_after": "3.5"}
    given = {"title": title, "background": "多头许可", "practice": "综合许可", "effect_before": "慢", **rows}
    page = city.submit(
        form, "/cases/_new", **given, tasks="1、2", evidence_title="方案", evidence_link="https://example.org/"
    )
    assert page.status_code == 200 and title in page.text and "30" in page.text
    case_id = here(page).rpartition("/")[2]
    early = sent(city, page, "submit")
    assert (early.status_code, "改革后成效" in early.text) == (409, True)
    edited = city.submit(city.get(f"/cases/{case_id}/edit"), "/edit", **given, effect_after="快", tasks="1")
    assert "已保存" in edited.text
    assert "案例已申报" in sent(city, edited, "submit").text
    shown = now(system, case_id)
    assert (shown["state"], [task["code"] for task in shown["tasks"]]) == ("submitted", ["1"])
    assert shown["figures"] == [{"name": "办理时间", "measure": "天", "before": 30, "after": 3.5}]
    assert here(city.get(f"/cases/{case_id}/edit")) == f"/cases/{case_id}"


def test_a_case_is_scored_decided_published_and_taken_over(system: System, as_user: AsUser) -> None:
    case_id = evaluating(system)
    unit, office, other = as_user("dept.swt"), as_user("province.admin"), as_user("wuhu.admin")
    path, marks = f"/cases/{case_id}", full_marks(system, case_id)
    sheet: dict[str, str | list[str]] = {"criterion": [each["criterion"] for each in marks]}
    wrong = sent(unit, unit.get(path), "score", **sheet, points=["101"] * len(marks), opinion="很好")
    assert (wrong.status_code, "很好" in wrong.text) == (422, True)
    assert "评分已提交" in sent(unit, wrong, "score", **sheet, points=["90"] * len(marks), opinion="很好").text
    expert = sent(office, office.get(path), "score", **sheet, points=["70"] * len(marks), expert="王教授")
    assert all(words in expert.text for words in ("评分已提交", "王教授", "省商务厅"))
    assert "王教授" not in unit.get(path).text
    decided = sent(office, expert, "conclude")
    decided = sent(office, decided, "approve", level="provincial")
    assert "案例已发布" in sent(office, decided, "publish", preconditions="有综合窗口").text
    assert now(system, case_id)["score"] == 80
    adopted = sent(other, other.get(path), "adopt", plan="先行试点", differences="窗口在街道")
    assert "计划推广" in adopted.text
    begun = sent(other, adopted, "start")
    figure = {"figure_name": "时间", "figure_measure": "天", "figure_before": "20", "figure_after": "2"}
    assert "推广成效已填报" in sent(other, begun, "finish", result="已施行", **figure).text
    assert "已施行" in as_user("bengbu.admin").get(path).text
    listed = office.get("/replications", params={"zone": "wuhu", "state": "adopted"})
    assert path in listed.text


def test_a_zone_that_does_not_take_a_case_over_says_why(system: System, as_user: AsUser) -> None:
    case_id, city = published(system), as_user("bengbu.admin")
    page = city.get(f"/cases/{case_id}")
    assert (silent := sent(city, page, "decline", reason="")).status_code == 422
    assert "不采用" in sent(city, silent, "decline", reason="没有综合窗口").text
    assert "没有综合窗口" in as_user("hefei.admin").get(f"/cases/{case_id}").text
    assert "没有综合窗口" not in as_user("wuhu.admin").get(f"/cases/{case_id}").text


def test_everybody_reads_published_cases_without_a_login(system: System, new_browser: NewBrowser) -> None:
    title, nobody = f"公开{uuid4().hex}", new_browser()
    case_id, draft = (
        published(system, title=title, file="实施办法.pdf"),
        str(written(system, "hefei.admin", title=f"草稿{title}")["id"]),
    )
    listed = nobody.get("/public/cases")
    assert title in listed.text and f"草稿{title}" not in listed.text
    assert 'href="/public/cases/_excel"' in listed.text
    sheet = load_workbook(BytesIO(nobody.get("/public/cases/_excel").content), read_only=True).worksheets[0]
    rows = {row[:2] for row in sheet.iter_rows(values_only=True)}
    assert (title, "合肥片区") in rows and (f"草稿{title}", "合肥片区") not in rows
    shown = nobody.get(f"/public/cases/{case_id}")
    assert all(words in shown.text for words in (title, "有综合窗口", "合肥片区"))
    (address,) = re.findall(rf'href="(/public/cases/{case_id}/attachments/[0-9a-f-]+)" download', shown.text)
    saved, in_place = nobody.get(address), nobody.get(address, params={"shown": "true"})
    assert "实施办法.pdf" in shown.text and saved.content.startswith(b"%PDF")
    assert saved.headers["content-disposition"].startswith("attachment;")
    assert in_place.headers["content-disposition"].startswith("inline;")
    assert nobody.get(address.replace(case_id, draft)).status_code == 404
    assert nobody.get(f"/public/cases/{draft}").status_code == 404


def test_the_scheme_is_changed_by_the_province_alone(system: System, as_user: AsUser) -> None:
    office, city = as_user("province.admin"), as_user("hefei.admin")
    page = office.get("/cases/_scheme")
    names, weights = ["创新性", "实施成效", "可复制可推广性", "风险可控性"], ["30", "30", "25", "15"]
    twice = office.submit(page, "/cases/_scheme", name=["同名"] * 2, weight=["1", "1"])
    assert (twice.status_code, "不能重复" in twice.text) == (422, True)
    assert "评分表已保存" in office.submit(page, "/cases/_scheme", name=names, weight=weights).text
    assert '<form class="card"' not in city.get("/cases/_scheme").text


@pytest.mark.parametrize("text", ["12、35", "12，35", "12; 35", " 12  35 "])
def test_codes_are_told_apart_however_they_are_written(text: str) -> None:
    assert codes(text) == ["12", "35"]


def test_an_invitation_lies_on_the_desk_until_it_is_answered(system: System, as_user: AsUser) -> None:
    title = f"“一业一证”改革{uuid4().hex[:8]}"
    case, wuhu = published(system, title=title), as_user("wuhu.admin")

    def waiting(user: str) -> bool:
        pile = as_user(user).get("/").text.partition('id="turn-invitations"')[2].partition("</section>")[0]
        return f"/cases/{case}" in pile

    assert "待答复的复制推广" in wuhu.get("/").text
    assert [waiting(user) for user in ("wuhu.admin", "hefei.admin", "province.admin")] == [True, False, False]
    acted(system, "wuhu.admin", case, "replications/wuhu/refusal", reason="没有综合窗口")
    assert not waiting("wuhu.admin")
