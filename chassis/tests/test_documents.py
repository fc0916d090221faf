"""Official documents: the layout of GB/T 9704-2012, as the file says it."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from chassis.documents import ALTERNATIVES, Block, Column, Paper, Style, Table, chinese, marker, write

COLUMNS = (Column("序号", 12, centred=True), Column("事项", 144))
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"


@pytest.fixture(scope="module")
def file() -> bytes:
    blocks = [Block(style, f"{style}\x01") for style in Style]
    table = Table(COLUMNS, [(str(number), "甲\n乙") for number in range(40)])
    return write(Paper("标题", "省自贸办", datetime(2026, 11, 29, tzinfo=UTC), [*blocks, table]))


@pytest.fixture(scope="module")
def document(file: bytes) -> Any:
    return Document(BytesIO(file))


def test_the_page_holds_22_lines_of_28_characters(document: Any) -> None:
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    sizes += [section.left_margin, section.right_margin]
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 35, 28, 26]
    grid = {name: section._sectPr.find(qn("w:docGrid")).get(qn(f"w:{name}")) for name in ("type", "linePitch")}
    assert grid == {"type": "linesAndChars", "linePitch": "579"}
    pitch = 16 + int(section._sectPr.find(qn("w:docGrid")).get(qn("w:charSpace"))) / 4096
    assert 28 * pitch <= Mm(156).pt < 28.1 * pitch
    line = document.styles["Body Text"].paragraph_format.line_spacing
    assert 22 * line <= Mm(225) < 23 * line


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        (Style.TITLE, SONG, 22),
        (Style.FIRST, HEI, 16),
        (Style.SECOND, KAI, 16),
        (Style.TEXT, FANG, 16),
        (Style.SIGNED, FANG, 16),
        (Style.CELL, FANG, 10.5),
    ],
)
def test_each_style_has_its_font_and_size(document: Any, style: Style, font: str, size: float) -> None:
    used = next(paragraph.style for paragraph in document.paragraphs if paragraph.text == style)
    assert (used.element.rPr.rFonts.get(qn("w:eastAsia")), used.font.size) == (font, Pt(size))
    assert used.font.color.rgb is None and not used.font.bold


def test_fonts_that_are_missing_have_others_in_their_place(file: bytes) -> None:
    table = ZipFile(BytesIO(file)).read("word/fontTable.xml").decode()
    for font, others in ALTERNATIVES.items():
        assert f'<w:font w:name="{font}"><w:altName w:val="{others}"/>' in table
    assert "FandolFang" in ALTERNATIVES[FANG] and "Noto Serif CJK SC" in ALTERNATIVES[SONG]


def test_page_numbers_stand_at_the_outer_side(document: Any) -> None:
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        foot = footer.paragraphs[0]
        assert "".join(text.text for text in foot._p.iter(qn("w:t"))) == "— 1 —"
        assert [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))] == ["PAGE"]
        assert (foot.alignment.name, foot.style.font.size, foot.style.font.name) == (side, Pt(14), "宋体")


def test_a_table_repeats_its_titles_and_tears_no_row(document: Any) -> None:
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "事项"]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True] + [False] * 40
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [round(cell.width.mm) for cell in table.rows[40].cells] == [12, 144]
    assert table.rows[40].cells[1].text == "甲\n乙"


@pytest.mark.parametrize(
    ("number", "word"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_headings_are_numbered_in_chinese(number: int, word: str) -> None:
    assert chinese(number) == word


def test_four_levels_have_a_marker_each() -> None:
    assert [marker(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2. ", "（2）"]
