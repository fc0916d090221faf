import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from chassis import spreadsheets
from chassis.problems import Invalid, Problem
from chassis.spreadsheets import Column, Growing, Sheet, Value, read, write

TITLES = ("编号", "内容")
COLUMNS = [Column("编号", 8), Column("内容", 40)]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cc", "Cs", "Cn", "Co")))


def sheet(*rows: tuple[Value, Value]) -> bytes:
    return write(Sheet("任务", COLUMNS, rows))


def changed(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The file with each part changed, and further parts."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, part in more.items():
            target.writestr(name, part)
    return out.getvalue()


def in_sheet(before: bytes, after: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(before, after) if "sheet1" in name else part


@pytest.mark.parametrize(
    "value",
    [
        "一、安徽",
        12,
        3.5,
        True,
        date(2021, 1, 23),
        datetime.fromisoformat("2021-01-23T09:30"),
        "两\n行",
        "=1+1",
        "1e5",
        None,
    ],
)
def test_values_come_back_as_what_they_are(value: Value) -> None:
    (row,) = read(sheet((1, value)), TITLES)
    assert row["内容"].value == value
    assert type(row["内容"].value) is type(value)


@settings(deadline=None, max_examples=40)
@given(TEXT)
def test_any_text_comes_back_without_the_space_around_it(text: str) -> None:
    (row,) = read(sheet((1, text)), TITLES)
    assert row["内容"].text == text.strip()


def test_no_text_leaves_its_cell_empty() -> None:
    page = load_workbook(BytesIO(sheet((1, "")))).worksheets[0]
    assert page["B2"].value is None


@pytest.mark.parametrize("start", "=+-@")
def test_text_never_becomes_a_formula(start: str) -> None:
    page = load_workbook(BytesIO(sheet((1, f"{start}HYPERLINK(1)")))).worksheets[0]
    assert page["B2"].data_type == "s"
    assert page["B2"].quotePrefix


def test_a_sheet_keeps_its_titles_in_view_and_filters_by_them() -> None:
    content = write(
        Sheet("任务", [Column("编号", 8), Column("角色", 10, ("牵头", "配合"))], [(1, "牵头"), (2, "配合")])
    )
    page = load_workbook(BytesIO(content)).worksheets[0]
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("任务", "A2", "A1:B3")
    assert 8 <= page.column_dimensions["A"].width < 9
    assert page.data_validations.dataValidation[0].formula1 == '"牵头,配合"'


def test_rows_that_come_a_few_at_a_time_make_the_same_sheet() -> None:
    rows = [(number, f"第 {number} 行") for number in range(5)]
    growing = Growing("任务", COLUMNS)
    growing.add(rows[:3])
    growing.add([])
    growing.add(rows[3:])
    pages = [load_workbook(BytesIO(content)).worksheets[0] for content in (growing.content(), sheet(*rows))]
    grown, written = ([*page.iter_rows(values_only=True), page.auto_filter.ref, page.freeze_panes] for page in pages)
    assert grown == written


def test_cells_say_where_they_stand_below_a_heading_in_any_order_beside_others() -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in (
        ["合肥片区任务表"],
        [],
        ["内 容", "备注", "编号"],
        ["甲", "无", 1],
        [None, "只有备注"],
        ["乙", None, 2],
    ):
        page.append(row)
    out = BytesIO()
    book.save(out)
    first, second = read(out.getvalue(), TITLES)
    assert (first.number, second.number) == (4, 6)
    assert (second["内容"].ref, second["编号"].ref) == ("A6", "C6")
    assert (second["编号"].value, second["编号"].text) == (2, "2")


def test_a_sheet_is_found_by_its_name() -> None:
    content = write(Sheet("说明", [Column("说明")], []), Sheet("任务", COLUMNS, [(1, "甲")]))
    assert len(read(content, TITLES, sheet="任务")) == 1
    with pytest.raises(Invalid) as problem:
        read(content, TITLES, sheet="别的")
    assert "别的" in problem.value.errors[0][1]


def test_formulas_and_errors_are_no_values() -> None:
    book = Workbook()
    book.worksheets[0].append(TITLES)
    book.worksheets[0].append(["=1+1", "#REF!"])
    out = BytesIO()
    book.save(out)
    (row,) = read(out.getvalue(), TITLES)
    assert row["编号"].value is row["内容"].value is None
    assert "公式" in (row["编号"].problem or "")
    assert "错误" in (row["内容"].problem or "")


def test_missing_columns_are_named() -> None:
    with pytest.raises(Invalid) as problem:
        read(sheet((1, "甲")), ("编号", "标题", "时限"))
    assert "标题、时限" in problem.value.errors[0][1]


def test_rows_beyond_the_bound_are_refused_and_not_cut_off() -> None:
    content = sheet(*((number, "甲") for number in range(11)))
    assert len(read(content, TITLES, most_rows=11)) == 11
    with pytest.raises(Problem) as problem:
        read(content, TITLES, most_rows=10)
    assert problem.value.status == 413


def test_a_row_far_below_is_found_and_one_beyond_excel_does_no_harm() -> None:
    far = changed(sheet((7, "甲")), in_sheet(b'r="2"', b'r="90000"'))
    assert read(far, TITLES)[0].number == 90_000
    beyond = changed(sheet((7, "甲")), in_sheet(b'r="2"', b'r="999999999999"'))
    assert read(beyond, TITLES) == []


BOMB = b"<worksheet>" + b" " * (spreadsheets.LARGEST_PART + 1) + b"</worksheet>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"no archive", 422),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, 422),
        (b"x" * (spreadsheets.LARGEST_FILE + 1), 413),
        (changed(sheet((1, "甲")), lambda _, part: part, bomb=BOMB), 413),
        (changed(sheet((1, "甲")), lambda _, part: part, **{f"part{n}": b"" for n in range(600)}), 413),
        (changed(sheet((1, "甲")), lambda _, part: part, trick=ENTITIES), 422),
        (changed(sheet((1, "甲")), lambda _, part: part, trick=ENTITIES.decode().encode("utf-16")), 422),
        (changed(sheet((1, "甲")), lambda name, part: b"<x/>" if "sheet1" in name else part), 422),
        (changed(sheet((1, "甲")), lambda name, part: b"<x" if "workbook.xml" in name else part), 422),
        (changed(sheet((1, "甲")), in_sheet(b"<sheetData>", b'<sheetData><row r="q"/>')), 422),
        (changed(sheet((12345, "甲")), in_sheet(b"<v>12345</v>", b"<v>" + b"9" * 5000 + b"</v>")), 422),
    ],
)
def test_what_is_no_spreadsheet_or_too_much_of_one_is_refused(content: bytes, status: int) -> None:
    with pytest.raises(Problem) as problem:
        read(content, TITLES)
    assert problem.value.status == status
    assert problem.value.errors[0][0] == "/body/file"


def test_a_number_beyond_all_numbers_is_an_error() -> None:
    (row,) = read(changed(sheet((12345, "甲")), in_sheet(b"<v>12345</v>", b"<v>1e999</v>")), TITLES)
    assert row["编号"].problem


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.binary(max_size=40))
def test_a_damaged_file_is_refused_or_read_but_breaks_nothing(at: int, garbage: bytes) -> None:
    whole = sheet((1, "甲"), (2, "乙"))
    damaged = whole[: at % len(whole)] + garbage + whole[at % len(whole) + len(garbage) :]
    try:
        rows = read(damaged, TITLES)
    except Problem as problem:
        assert re.fullmatch("4[12][32]", str(problem.status))
    else:
        assert len(rows) <= 2
