"""What offices are told of periods and of their own filings."""

import pytest

from services.notify.tests.samples import line
from services.notify.tests.test_rules import told

PERIOD = {
    "id": "p1",
    "title": "三季度报告",
    "due": "2026-09-28",
    "grace": "2026-09-30",
    "locks": "2026-10-15",
    "reason": "",
}
OFFICES = [{"office": "unit:swt", "filings": 3}, {"office": "unit:hfhg", "filings": 1}]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("period.opened", "请于 2026-09-28 前填报 3 项推进事项"),
        ("period.due_soon", "还有 3 项推进事项未报送，截止日期 2026-09-28"),
        ("period.overdue", "请尽快补报；2026-10-15 后锁定"),
    ],
)
def test_each_office_hears_what_it_owes(what: str, words: str) -> None:
    made = told(what, period=PERIOD, jurisdiction="province", offices=OFFICES)
    assert set(made) == {"unit:swt", "unit:hfhg"}
    assert words in made["unit:swt"].texts.body
    assert (made["unit:swt"].href, made["unit:swt"].tenant) == ("/periods/p1", "province")


@pytest.mark.parametrize(
    ("what", "words"),
    [("filing.returned", "意见：写明数量。请修改后重新报送。"), ("filing.reopened", "原因：写明数量。")],
)
def test_the_office_that_files_hears_what_became_of_it(what: str, words: str) -> None:
    filing = {"id": "f1", "office": "zone:hefei"}
    made = told(what, line=line(), filing=filing, period=PERIOD, remark="写明数量")
    assert set(made) == {"zone:hefei"}
    assert made["zone:hefei"].texts.body.endswith(words)
    assert made["zone:hefei"].href == "/filings/f1"
