"""A bulletin as an official document (公文), near GB/T 9704: Word and PDF."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from chassis.clock import SHANGHAI
from progress.bulletins.drafting import day
from progress.bulletins.rules import number_of
from progress.bulletins.schemas import BulletinOut, Format

TYPES: Mapping[Format, str] = {
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.PDF: "application/pdf",
}
OFFICE = "省自贸办"
DIGITS = "零一二三四五六七八九"
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in millimetres."""


class Style(StrEnum):
    TITLE = "title"
    NUMBER = "number"
    READERS = "readers"
    FIRST = "first"
    SECOND = "second"
    TEXT = "text"
    SIGNED = "signed"


_SONG, _FANG, _HEI, _KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
FONTS = {Style.TITLE: _SONG, Style.FIRST: _HEI, Style.SECOND: _KAI}
"""In the Word document; 仿宋 for the other paragraphs."""
ALTERNATIVES = {
    _SONG: "FZXiaoBiaoSong-B05S,华文中宋,宋体,Noto Serif CJK SC",
    _FANG: "仿宋,FangSong,华文仿宋,Noto Serif CJK SC",
    _KAI: "楷体,KaiTi,华文楷体,AR PL UKai CN",
    _HEI: "SimHei,Noto Sans CJK SC",
}
"""What a word processor takes where a font is missing, free ones last."""


_PLACE = re.compile(r"第\d+名")


@dataclass(frozen=True)
class Block:
    style: Style
    text: str


def chinese(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    begins = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return begins + (DIGITS[ones] if ones else "")


def blocks(bulletin: BulletinOut) -> Iterator[Block]:
    """The document's paragraphs, numbered 一、 then （一） then 1.; a ranking has its places."""
    yield Block(Style.TITLE, bulletin.title)
    yield Block(Style.NUMBER, number_of(bulletin.year, bulletin.number) or "（草稿）")
    if bulletin.reader_names:
        yield Block(Style.READERS, f"{'、'.join(bulletin.reader_names)}：")
    if bulletin.corrects_name:
        yield Block(Style.TEXT, f"本通报更正{bulletin.corrects_name}。")
    first = second = 0
    for part in bulletin.parts:
        if part.level == 1:
            first, second = first + 1, 0
            yield Block(Style.FIRST, f"{chinese(first)}、{part.heading}")
        else:
            second += 1
            yield Block(Style.SECOND, f"（{chinese(second)}）{part.heading}")
        placed = all(_PLACE.match(sentence.text) for sentence in part.sentences)
        numbered = part.level == 2 and len(part.sentences) > 1 and not placed
        for number, sentence in enumerate(part.sentences, 1):
            yield Block(Style.TEXT, f"{number}. {sentence.text}" if numbered else sentence.text)
    yield Block(Style.SIGNED, OFFICE)
    if bulletin.published_at:
        yield Block(Style.SIGNED, day(bulletin.published_at.astimezone(SHANGHAI).date()))


_CENTRED, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_ALIGNED = {Style.TITLE: _CENTRED, Style.NUMBER: _CENTRED, Style.SIGNED: _RIGHT}
_INDENTED = frozenset({Style.FIRST, Style.SECOND, Style.TEXT})


def word(bulletin: BulletinOut) -> bytes:
    document = Document()
    _page(document.sections[0])
    _alternatives(document)
    made = bulletin.published_at or bulletin.drafted_at
    document.core_properties.title = bulletin.title
    document.core_properties.author = OFFICE
    document.core_properties.created = document.core_properties.modified = made.astimezone(UTC).replace(tzinfo=None)
    for block in blocks(bulletin):
        _paragraph(document.add_paragraph(), block)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", False), ("PAGE", True), (" —", False)):
        run = foot.add_run("" if field else text)
        run.font.size = Pt(14)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), text)
            foot._p.append(element)


def _alternatives(document: Any) -> None:
    """Names in the font table what stands in for fonts that the reader has not."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in ALTERNATIVES.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())


def _paragraph(paragraph: Any, block: Block) -> None:
    title = block.style is Style.TITLE
    paragraph.alignment = _ALIGNED.get(block.style)
    paragraph.paragraph_format.line_spacing = Pt(35 if title else 28)
    paragraph.paragraph_format.space_after = Pt(28 if block.style is Style.NUMBER else 0)
    if block.style in _INDENTED:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    run = paragraph.add_run(block.text)
    run.font.size = Pt(22 if title else 16)
    run.font.name = "Times New Roman"
    run._element.rPr.rFonts.set(qn("w:eastAsia"), FONTS.get(block.style, _FANG))


_PRINTED: Mapping[Style, Literal[1, 2]] = {
    Style.TITLE: TA_CENTER,
    Style.NUMBER: TA_CENTER,
    Style.SIGNED: TA_RIGHT,
}
SONG = "STSong-Light"


def _printed(style: Style) -> ParagraphStyle:
    title = style is Style.TITLE
    return ParagraphStyle(
        style.name,
        fontName=SONG,
        fontSize=22 if title else 16,
        leading=35 if title else 28,
        alignment=_PRINTED.get(style, TA_JUSTIFY),
        firstLineIndent=32 if style in _INDENTED else 0,
        spaceAfter=28 if style is Style.NUMBER else 0,
        keepWithNext=style in (Style.FIRST, Style.SECOND),
        wordWrap="CJK",
    )


def pdf(bulletin: BulletinOut) -> bytes:
    """In one font, which every viewer brings or replaces by a Chinese one of its own: it is not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    styles = {style: _printed(style) for style in Style}
    written = BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        title=bulletin.title,
        author=OFFICE,
        invariant=1,
    )
    story: list[Flowable] = [
        Paragraph(escape(block.text).replace("\n", "<br/>"), styles[block.style]) for block in blocks(bulletin)
    ]
    template.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return written.getvalue()


def _foot(canvas: Any, template: Any) -> None:
    canvas.setFont(SONG, 14)
    canvas.drawCentredString(A4[0] / 2, 25 * mm, f"— {canvas.getPageNumber()} —")


MAKERS: Mapping[Format, Callable[[BulletinOut], bytes]] = {Format.DOCX: word, Format.PDF: pdf}
