"""Official documents (公文) as Word (.docx), laid out as GB/T 9704-2012 says: A4, 22 lines of 28 characters.

``write(Paper("关于……的报告", "省自贸办", made, [Block(Style.FIRST, "一、总体情况"), Table(columns, rows)]))`` gives the
file's bytes. The fonts are named, not brought along; what stands in for one that the reader has not is in the file.
Two thousand rows take a second: routes call it with ``asyncio.to_thread``.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDTH, HEIGHT = 210, 297
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""The page and its margins in millimetres: 天头 37, 订口 28, and 156 × 225 for the text (版心)."""
LINES, CHARACTERS = 22, 28
NUMBER_AT = 25
"""The page number's line above the edge, so that its dashes are 7 mm below the text."""
DIGITS = "零一二三四五六七八九"
_MILLIMETRE = 72 / 25.4
LINE = math.floor((HEIGHT - TOP - BOTTOM) * _MILLIMETRE / LINES * 20) / 20
CHARACTER = (WIDTH - LEFT - RIGHT) * _MILLIMETRE / CHARACTERS
"""Line and character in points, so that the text's rectangle holds as many as it should."""
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Style(StrEnum):
    """标题、文号、主送机关、一级和二级标题、正文、署名、表头、表格. The third and fourth level are text."""

    TITLE = "title"
    NUMBER = "number"
    READERS = "readers"
    FIRST = "first"
    SECOND = "second"
    TEXT = "text"
    SIGNED = "signed"
    HEAD = "head"
    CELL = "cell"


@dataclass(frozen=True)
class Block:
    style: Style
    text: str


@dataclass(frozen=True)
class Column:
    """``width`` in millimetres; those of a table are 156 together."""

    title: str
    width: int
    centred: bool = False


@dataclass(frozen=True)
class Table:
    """Its titles stand on each page anew, and no row is torn apart."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]


@dataclass(frozen=True)
class Paper:
    """``author`` and ``made`` are what the file tells of itself; the parts say what is read."""

    title: str
    author: str
    made: datetime
    parts: Iterable[Block | Table]


def chinese(number: int) -> str:
    """一 to 九十九; beyond that in digits."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    begins = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return begins + (DIGITS[ones] if ones else "")


def day(given: date) -> str:
    return f"{given.year}年{given.month}月{given.day}日"


def marker(level: int, number: int) -> str:
    """What stands before the text of a level, from 1 to 4: 一、 then （一） then 1. then （1）."""
    return (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}. ", f"（{number}）")[level - 1]


_SONG, _FANG, _HEI, _KAI, _PLAIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_LATIN = "Times New Roman"
ALTERNATIVES: Mapping[str, str] = {
    _SONG: "FZXiaoBiaoSong-B05S,华文中宋,宋体,思源宋体,Noto Serif CJK SC",
    _FANG: "仿宋,FangSong,华文仿宋,FandolFang,思源宋体,Noto Serif CJK SC",
    _KAI: "楷体,KaiTi,华文楷体,FandolKai,AR PL UKai CN",
    _HEI: "SimHei,思源黑体,Noto Sans CJK SC",
    _PLAIN: "SimSun,思源宋体,Noto Serif CJK SC",
}
"""What a word processor takes where a font is missing, free ones last."""


@dataclass(frozen=True)
class _Look:
    """``name`` is Word's for the style; sizes and spaces in points, indents in characters."""

    name: str
    font: str = _FANG
    size: float = 16
    line: float | None = LINE
    aligned: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    first: int = 0
    right: int = 0
    after: float = 0
    level: int = 0
    latin: str = _LATIN


_CENTRE, _RIGHT, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
_NORMAL, _FOOT = _Look("Normal"), _Look("Footer", _PLAIN, 14, None, latin=_PLAIN)
_LOOKS: Mapping[Style, _Look] = {
    Style.TITLE: _Look("Title", _SONG, 22, 35, _CENTRE),
    Style.NUMBER: _Look("Subtitle", aligned=_CENTRE, after=LINE),
    Style.READERS: _Look("主送机关", after=0),
    Style.FIRST: _Look("Heading 1", _HEI, first=2, level=1),
    Style.SECOND: _Look("Heading 2", _KAI, first=2, level=2),
    Style.TEXT: _Look("Body Text", first=2),
    Style.SIGNED: _Look("署名", aligned=_RIGHT, right=2),
    Style.HEAD: _Look("表头", _HEI, 10.5, None, _CENTRE),
    Style.CELL: _Look("表格", size=10.5, line=None, aligned=_LEFT),
}


def write(paper: Paper) -> bytes:
    """The file. Characters that XML cannot hold are left out."""
    document = Document()
    _page(document)
    _fonts(document)
    for look in (_NORMAL, _FOOT, *_LOOKS.values()):
        _style(document, look)
    _about(document.core_properties, paper)
    for part in paper.parts:
        if isinstance(part, Block):
            document.add_paragraph(_printable(part.text), _LOOKS[part.style].name)
        else:
            _table(document, part)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _about(properties: Any, paper: Paper) -> None:
    properties.title, properties.author = _printable(paper.title)[:255], paper.author
    properties.comments, properties.language = "", "zh-CN"
    properties.created = properties.modified = paper.made.astimezone(UTC).replace(tzinfo=None)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(NUMBER_AT)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(LINE * 20)))
    grid.set(qn("w:charSpace"), str(math.floor((CHARACTER - _NORMAL.size) * 4096)))
    document.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], _RIGHT)
    _number(section.even_page_footer.paragraphs[0], _LEFT)


def _number(paragraph: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """``— 1 —`` at the outer side, a character away from it."""
    paragraph.alignment = side
    indents = paragraph.paragraph_format
    indents.right_indent, indents.left_indent = (Pt(_FOOT.size), 0) if side == _RIGHT else (0, Pt(_FOOT.size))
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    shown = paragraph.add_run("1")._r
    field.append(shown)
    paragraph.add_run(" —")


def _fonts(document: Any) -> None:
    """Names in the font table what stands in for fonts that the reader has not."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())
    document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")


def _style(document: Any, look: _Look) -> None:
    known = document.styles
    style = known[look.name] if look.name in known else known.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    for part in (style.element.pPr, style.element.rPr):
        if part is not None:
            style.element.remove(part)
    style.font.name, style.font.size = look.latin, Pt(look.size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
    lines = style.paragraph_format
    lines.keep_with_next = look.level > 0 or None
    lines.space_before, lines.space_after = Pt(0), Pt(look.after)
    lines.line_spacing = 1.0 if look.line is None else Pt(look.line)
    lines.first_line_indent, lines.right_indent = Pt(look.first * CHARACTER), Pt(look.right * CHARACTER)
    lines.alignment = look.aligned
    if look.level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(look.level - 1))
        style.element.pPr.append(outline)
    if look.line is None:
        off = OxmlElement("w:snapToGrid")
        off.set(qn("w:val"), "0")
        style.element.pPr.insert(0, off)


def _table(document: Any, given: Table) -> None:
    table = document.add_table(0, len(given.columns), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, place in zip(given.columns, table.columns, strict=True):
        place.width = Mm(column.width)
    _fill(_row(table, given.columns, Style.HEAD, "w:tblHeader", "w:cantSplit"), [each.title for each in given.columns])
    pattern = _row(table, given.columns, Style.CELL, "w:cantSplit")
    table._tbl.remove(pattern)
    for texts in given.rows:
        row = deepcopy(pattern)
        _fill(row, texts)
        table._tbl.append(row)


def _row(table: Any, columns: Sequence[Column], style: Style, *marks: str) -> Any:
    """An empty one: to copy it is much quicker than to make each anew."""
    row = table.add_row()
    for mark in marks:
        row._tr.get_or_add_trPr().append(OxmlElement(mark))
    for cell, column in zip(row.cells, columns, strict=True):
        cell.width, cell.vertical_alignment = Mm(column.width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.paragraphs[0].style = _LOOKS[style].name
        if column.centred:
            cell.paragraphs[0].alignment = _CENTRE
    return row._tr


def _fill(row: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(row.tc_lst, texts, strict=True):
        cell.p_lst[0].add_r().text = _printable(text)
