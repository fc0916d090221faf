"""A bulletin as an official document (公文): Word and PDF."""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Literal
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from chassis import documents
from chassis.clock import SHANGHAI
from chassis.documents import BOTTOM, LEFT, LINE, NUMBER_AT, RIGHT, TOP, Block, Paper, Style, day, marker
from progress.bulletins.rules import number_of
from progress.bulletins.schemas import BulletinOut, Format

TYPES: Mapping[Format, str] = {Format.DOCX: documents.MEDIA_TYPE, Format.PDF: "application/pdf"}
OFFICE = "省自贸办"
_PLACE = re.compile(r"第\d+名")


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
            yield Block(Style.FIRST, marker(1, first) + part.heading)
        else:
            second += 1
            yield Block(Style.SECOND, marker(2, second) + part.heading)
        placed = all(_PLACE.match(sentence.text) for sentence in part.sentences)
        numbered = part.level == 2 and len(part.sentences) > 1 and not placed
        for number, sentence in enumerate(part.sentences, 1):
            yield Block(Style.TEXT, marker(3, number) + sentence.text if numbered else sentence.text)
    yield Block(Style.SIGNED, OFFICE)
    if bulletin.published_at:
        yield Block(Style.SIGNED, day(bulletin.published_at.astimezone(SHANGHAI).date()))


def word(bulletin: BulletinOut) -> bytes:
    made = bulletin.published_at or bulletin.drafted_at
    return documents.write(Paper(bulletin.title, OFFICE, made, blocks(bulletin)))


_INDENTED = frozenset({Style.FIRST, Style.SECOND, Style.TEXT})
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
        leading=35 if title else LINE,
        alignment=_PRINTED.get(style, TA_JUSTIFY),
        firstLineIndent=32 if style in _INDENTED else 0,
        spaceAfter=LINE if style is Style.NUMBER else 0,
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
    number = canvas.getPageNumber()
    if number % 2:
        canvas.drawRightString(A4[0] - RIGHT * mm - 14, NUMBER_AT * mm, f"— {number} —")
    else:
        canvas.drawString(LEFT * mm + 14, NUMBER_AT * mm, f"— {number} —")


MAKERS: Mapping[Format, Callable[[BulletinOut], bytes]] = {Format.DOCX: word, Format.PDF: pdf}
