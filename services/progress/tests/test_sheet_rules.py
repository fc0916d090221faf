"""What a filled sheet says, cell by cell, and what confirming its rows would do."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chassis.problems import Invalid
from chassis.spreadsheets import Column, Sheet, write
from progress.filings.rules import Capacity, Content, Hold, State
from progress.sheets import rules
from progress.sheets.rules import Kept, Named, Status
from services.progress.tests.test_filing_rules import FILING, LOCKS

TODAY = LOCKS - timedelta(3)
PAST = LOCKS + timedelta(30)
LAST = Content(30, "完成方案", "", "组织招标", False)
DRAFT = replace(FILING, content=Content(40, "完成招标", "用地紧张", "开工", False), version=3)
NAMED = Named(DRAFT, "扩大开放专项行动计划", "7", "推进口岸开放", "合肥片区", "合肥片区", LAST, 0)
OLD = replace(NAMED, filing=replace(FILING, takeover=True, content=Content(0, "", "", "", False)), last=None)


def read(named: Named = NAMED, *, takeover: bool = False, **cells: Any) -> Kept:
    """The row of a template, filled in by column; as it is read back."""
    titles = {name: getattr(rules, name) for name in cells}
    content = rules.template([named], takeover=takeover)
    book = load_workbook(BytesIO(content))
    page: Any = book[rules.PAGE]
    places = {cell.value: cell.column for cell in page[1]}
    for name, value in cells.items():
        page.cell(2, places[titles[name]]).value = value
    out = BytesIO()
    book.save(out)
    (row,) = rules.rows(out.getvalue(), takeover=takeover, today=TODAY)
    return row


def test_an_untouched_sheet_changes_nothing() -> None:
    row = read()
    assert (row["errors"], row["version"], row["filing"]) == ([], 3, str(DRAFT.id))
    judged = rules.judge(row, NAMED, Capacity.WRITER, TODAY, takeover=False)
    assert (judged.status, judged.stale, rules.changes(judged, DRAFT)) == (Status.SAME, False, [])


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30).map(str.strip)


@given(st.integers(0, 100), text, text, text, st.booleans())
def test_any_draft_goes_out_and_comes_back_as_it_is(
    percent: int, done: str, problems: str, next_steps: str, finished: bool
) -> None:
    content = Content(percent, done, problems, next_steps, finished)
    named = replace(NAMED, filing=replace(DRAFT, content=content))
    assert rules.judge(read(named), named, Capacity.WRITER, TODAY, takeover=False).status is Status.SAME


def test_what_the_system_writes_is_locked_and_what_it_knows_rows_by_hidden() -> None:
    page: Any = load_workbook(BytesIO(rules.template([NAMED], takeover=False)))[rules.PAGE]
    places = {str(cell.value): cell for cell in page[1]}
    assert page.protection.sheet
    for column in rules.COLUMNS:
        cell = page.cell(2, places[column.title].column)
        assert cell.protection.locked is (column.locked or column.hidden), column.title
        assert page.column_dimensions[cell.column_letter].hidden is column.hidden, column.title


@pytest.mark.parametrize(
    ("cells", "field", "expected"),
    [
        ({"PERCENT": 55}, "percent", 55),
        ({"PERCENT": 55.0}, "percent", 55),
        ({"PERCENT": "55"}, "percent", 55),
        ({"PERCENT": "55%"}, "percent", 55),
        ({"PERCENT": " 55 ％"}, "percent", 55),
        ({"FINISHED": "是"}, "finished", True),
        ({"FINISHED": True}, "finished", True),
        ({"FINISHED": "否"}, "finished", False),
        ({"FINISHED": None}, "finished", False),
        ({"UNCHANGED": "是", "PERCENT": None}, "unchanged", True),
        ({"DONE": "  一\r\n二 "}, "done", "一\n二"),
        ({"DONE": None}, "done", ""),
    ],
)
def test_what_cells_say(cells: dict[str, Any], field: str, expected: object) -> None:
    row = read(**cells)
    assert (row["errors"], row[field]) == ([], expected)


@pytest.mark.parametrize(
    ("cells", "cell", "column"),
    [
        ({"PERCENT": 101}, "G2", rules.PERCENT),
        ({"PERCENT": -1}, "G2", rules.PERCENT),
        ({"PERCENT": 0.2}, "G2", rules.PERCENT),
        ({"PERCENT": True}, "G2", rules.PERCENT),
        ({"PERCENT": date(2026, 1, 1)}, "G2", rules.PERCENT),
        ({"PERCENT": "二十"}, "G2", rules.PERCENT),
        ({"PERCENT": "%"}, "G2", rules.PERCENT),
        ({"PERCENT": None}, "G2", rules.PERCENT),
        ({"PERCENT": "=1+1"}, "G2", rules.PERCENT),
        ({"DONE": "字" * 5001}, "H2", rules.DONE),
        ({"DONE": "=A1"}, "H2", rules.DONE),
        ({"FINISHED": "大概"}, "K2", rules.FINISHED),
        ({"UNCHANGED": 1}, "L2", rules.UNCHANGED),
        ({"ID": "1"}, "M2", rules.ID),
        ({"ID": None}, "M2", rules.ID),
        ({"VERSION": 0}, "N2", rules.VERSION),
        ({"VERSION": "一"}, "N2", rules.VERSION),
        ({"VERSION": 10**16 * 9}, "N2", rules.VERSION),
    ],
)
def test_errors_name_their_cell(cells: dict[str, Any], cell: str, column: str) -> None:
    assert [(error["cell"], error["column"]) for error in read(**cells)["errors"]] == [(cell, column)]


def test_a_filing_stands_in_one_row() -> None:
    one, other = rules.rows(rules.template([NAMED, NAMED], takeover=False), takeover=False, today=TODAY)
    assert (one["errors"], [error["cell"] for error in other["errors"]]) == ([], ["C3"])


@pytest.mark.parametrize(
    ("cells", "named", "wrong"),
    [
        ({}, NAMED, False),
        ({}, None, True),
        ({"TITLE": "别的任务"}, NAMED, True),
        ({"NUMBER": "8"}, NAMED, True),
        ({"PLACE": "芜湖片区"}, NAMED, False),
    ],
)
def test_a_row_is_of_the_filing_that_it_names(cells: dict[str, Any], named: Named | None, wrong: bool) -> None:
    assert bool(rules.named_wrongly(read(**cells), named, None)) is wrong


@pytest.mark.parametrize(
    ("cells", "changed", "acting", "day", "status", "stale"),
    [
        ({"DONE": "已开工"}, {}, Capacity.WRITER, TODAY, Status.CHANGED, False),
        ({"DONE": "已开工"}, {}, Capacity.CHECKER, TODAY, Status.CHANGED, False),
        ({"DONE": "已开工"}, {}, Capacity.MEMBER, TODAY, Status.BLOCKED, False),
        ({"DONE": "已开工"}, {"version": 4}, Capacity.WRITER, TODAY, Status.CHANGED, True),
        ({}, {"version": 4}, Capacity.WRITER, TODAY, Status.SAME, False),
        ({"DONE": "已开工"}, {"state": State.RETURNED}, Capacity.WRITER, TODAY, Status.CHANGED, False),
        ({"DONE": "已开工"}, {"state": State.SUBMITTED}, Capacity.WRITER, TODAY, Status.BLOCKED, False),
        ({"DONE": "已开工"}, {"state": State.APPROVED}, Capacity.WRITER, TODAY, Status.BLOCKED, False),
        ({"DONE": "已开工"}, {}, Capacity.WRITER, LOCKS, Status.CHANGED, False),
        ({"DONE": "已开工"}, {}, Capacity.WRITER, PAST, Status.BLOCKED, False),
        ({"DONE": "已开工"}, {"suspended": True}, Capacity.WRITER, TODAY, Status.BLOCKED, False),
        ({"UNCHANGED": "是"}, {}, Capacity.WRITER, TODAY, Status.CHANGED, False),
        ({"UNCHANGED": "是"}, {"unchanged": True, "content": LAST}, Capacity.WRITER, TODAY, Status.SAME, False),
        (
            {"PERCENT": 40},
            {"content": replace(DRAFT.content, done="完成招标\r\n")},
            Capacity.WRITER,
            TODAY,
            Status.SAME,
            False,
        ),
    ],
)
def test_what_confirming_a_row_would_do(
    cells: dict[str, Any], changed: dict[str, Any], acting: Capacity, day: date, status: Status, stale: bool
) -> None:
    named = replace(NAMED, filing=replace(DRAFT, **changed))
    judged = rules.judge(read(**cells), named, acting, day, takeover=False)
    assert (judged.status, judged.stale) == (status, stale)
    assert bool(judged.problem) is (status is Status.BLOCKED)


def test_what_is_unchanged_says_what_was_approved_last_whatever_else_is_written() -> None:
    judged = rules.judge(read(UNCHANGED="是", DONE="不同"), NAMED, Capacity.WRITER, TODAY, takeover=False)
    assert (judged.content, judged.unchanged) == (LAST, True)
    assert {change["field"] for change in rules.changes(judged, DRAFT)} == {"percent", "done", "problems", "next_steps"}
    never = replace(NAMED, last=None)
    judged = rules.judge(read(never, UNCHANGED="是"), never, Capacity.WRITER, TODAY, takeover=False)
    assert (judged.content, judged.unchanged) == (DRAFT.content, False)


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({}, Status.BLANK),
        ({"PERCENT": 60, "DONE": "完成一期"}, Status.CHANGED),
        ({"PERCENT": 60, "DONE": "完成一期", "RECEIVED": date(2020, 12, 30)}, Status.CHANGED),
        ({"PERCENT": 60, "DONE": "完成一期", "FINISHED": "是"}, Status.BLOCKED),
    ],
)
def test_what_taking_a_row_over_would_do(cells: dict[str, Any], status: Status) -> None:
    row = read(OLD, takeover=True, **cells)
    assert row["errors"] == []
    assert rules.judge(row, OLD, Capacity.PROVINCE, PAST, takeover=True).status is status


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"PERCENT": 60}, rules.DONE),
        ({"DONE": "完成一期"}, rules.PERCENT),
        ({"RECEIVED": date(2020, 12, 30)}, rules.PERCENT),
        ({"PERCENT": 60, "DONE": "完成一期", "RECEIVED": TODAY + timedelta(1)}, rules.RECEIVED),
        ({"PERCENT": 60, "DONE": "完成一期", "RECEIVED": "年底"}, rules.RECEIVED),
        ({"PERCENT": 60, "DONE": "完成一期", "RECEIVED": "2020-02-30"}, rules.RECEIVED),
    ],
)
def test_what_is_taken_over_is_whole(cells: dict[str, Any], column: str) -> None:
    assert [error["column"] for error in read(OLD, takeover=True, **cells)["errors"]] == [column]


def test_only_what_may_be_filled_in_now_is_in_the_sheet() -> None:
    old = OLD.filing
    for filing, day, takeover, expected in (
        (DRAFT, TODAY, False, True),
        (DRAFT, PAST, False, False),
        (replace(DRAFT, state=State.SUBMITTED), TODAY, False, False),
        (old, PAST, True, True),
        (old, PAST, False, False),
        (DRAFT, PAST, True, False),
        (replace(old, state=State.APPROVED), PAST, True, False),
    ):
        assert rules.fillable(filing, day, takeover=takeover) is expected
    assert (old.hold(PAST), old.hold(LOCKS)) == (Hold.PAST, Hold.NONE)


def test_a_sheet_of_something_else_is_refused() -> None:
    for content in (b"", b"nothing", write(Sheet("别的", [Column("列")], [])), rules.template([NAMED], takeover=True)):
        with pytest.raises(Invalid):
            rules.rows(content, takeover=False, today=TODAY)


def test_what_came_filled_in_and_nobody_touched_is_not_submitted() -> None:
    assert UUID(int=1) == DRAFT.id
    assert not rules.may_submit(DRAFT)
    assert rules.may_submit(replace(DRAFT, saved_by="某人"))
    assert not rules.may_submit(replace(DRAFT, saved_by="某人", state=State.SUBMITTED))
