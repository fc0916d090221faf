"""Instants and days as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chassis import clock
from portal.web import formats, language
from portal.web.words import LIGHTS, REPORTS, STATES, UNIT_KINDS, mark, word


@pytest.fixture(autouse=True)
def chinese() -> None:
    language.use("zh")


def test_instants_are_shown_in_shanghai() -> None:
    assert formats.moment("2026-11-24T17:05:00Z") == "2026年11月25日 01:05"
    language.use("en")
    assert formats.moment(datetime(2026, 11, 24, 17, 5, tzinfo=UTC)) == "Nov 25, 2026 01:05"


def test_days_stay_as_they_are() -> None:
    assert formats.day("2026-06-30") == "2026年6月30日"
    assert formats.days_left(clock.today()) == 0
    assert formats.days_left(clock.today() - timedelta(days=3)) == -3


def test_what_is_long_ago_has_its_day() -> None:
    assert formats.ago(clock.now() - timedelta(hours=3, minutes=5)) == "3小时前"
    assert formats.ago(datetime(2020, 1, 1, tzinfo=UTC)) == formats.day(date(2020, 1, 1))


def test_a_code_that_is_not_known_yet_stands_for_itself() -> None:
    assert word(UNIT_KINDS, "department") == "省直部门"
    assert word(UNIT_KINDS, "council") == "council"
    assert mark(STATES, "archived").words == ("archived", "archived")


@pytest.mark.parametrize("marks", [LIGHTS, STATES, REPORTS])
def test_marks_differ_in_their_words_and_shapes(marks: dict[str, object]) -> None:
    looks = [mark(marks, code) for code in marks]  # type: ignore[arg-type]
    assert len({look.words[0] for look in looks}) == len(looks)
    assert len({look.icon for look in looks}) == len(looks)


def test_english_is_given_only_when_it_is_asked_for() -> None:
    assert language.t("中文", "English") == "中文"
    assert language.told({"title": "标题", "title_en": ""}, "title") == "标题"
    language.use("en")
    assert language.told({"title": "标题", "title_en": "Title"}, "title") == "Title"
    language.use("fr")
    assert language.tag() == "zh-CN"
