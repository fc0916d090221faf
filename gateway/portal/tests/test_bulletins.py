"""The pages of bulletins: drafted, reworded, published and read, all by forms; the form's text is kept."""

import re

from starlette.datastructures import FormData

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import here
from portal.bulletins import rules
from tests.support import bulletin, open_period


def test_a_bulletin_is_drafted_published_and_read_by_forms(as_user: AsUser) -> None:
    office, city = as_user("province.admin"), as_user("hefei.admin")
    form = office.get("/bulletins/_new")
    draft = office.submit(form, "/bulletins/_new", zones="hefei", plans="1", until=today().isoformat())
    assert "草稿已生成" in draft.text and "一、总体情况" in draft.text
    path = here(draft)
    assert city.get(path).status_code == 404
    facts = office.get(re.search(r'href="([^"]*/facts\?sentence=\d+)"', draft.text)[1])  # type: ignore[index]
    assert facts.status_code == 200 and "/lines/" in facts.text
    editing = office.get(f"{path}?edit=true")
    assert "保存草稿" in editing.text
    published = office.submit(draft, path, act="publish", readers="zone:hefei")
    assert "通报已发布" in published.text
    read = city.get(path)
    assert (read.status_code, "edit=true" in read.text, "发更正通报" in read.text) == (200, False, False)
    assert city.get(f"{path}/document?format=pdf").content.startswith(b"%PDF")
    assert path in city.get("/bulletins").text


def test_a_bulletin_of_a_reporting_period_shows_who_signed_for_each_version(system: System, as_user: AsUser) -> None:
    office, period = as_user("province.admin"), open_period(system, ["1"])
    form = office.get("/bulletins/_new")
    assert f'<option value="{period}">' in form.text
    draft = office.submit(form, "/bulletins/_new", plans="1", period_id=period)
    assert "草稿已生成" in draft.text and "报送情况" in draft.text and f"/periods/{period}" in draft.text
    neither = office.submit(office.get("/bulletins/_new"), "/bulletins/_new", since="", until="", period_id="")
    assert neither.status_code == 422 and "#f-since" in neither.text


def test_a_form_without_readers_says_so_and_keeps_the_draft(system: System, as_user: AsUser) -> None:
    office, path = as_user("province.admin"), f"/bulletins/{bulletin(system)}"
    refused = office.submit(office.get(path), path, act="publish", readers="")
    assert refused.status_code == 422 and "#f-readers" in refused.text


def test_others_are_not_shown_the_form(as_user: AsUser) -> None:
    assert as_user("hefei.admin").get("/bulletins/_new").status_code == 404
    assert as_user("operator.demo").get("/bulletins").status_code == 404


def test_emptied_sentences_and_parts_are_left_out() -> None:
    rows = [("level", "1"), ("heading", "总体情况"), ("level", "2"), ("heading", "")]
    said = [("part", "0"), ("key", "7"), ("text", "甲。"), ("part", "0"), ("key", "8"), ("text", " ")]
    added = [("part", "0"), ("key", ""), ("text", "乙。"), ("part", "9"), ("key", ""), ("text", "丙。")]
    sentences = [{"key": 7, "text": "甲。"}, {"key": None, "text": "乙。"}]
    assert rules.text(FormData([("title", " 通报 "), *rows, *said, *added])) == {
        "title": "通报",
        "parts": [{"level": 1, "heading": "总体情况", "sentences": sentences}],
    }
