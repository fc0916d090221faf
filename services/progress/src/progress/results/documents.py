"""A period's results as Excel and Word: the totals by plan, then what was approved of each line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from io import BytesIO
from itertools import groupby
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from chassis import spreadsheets
from chassis.clock import SHANGHAI
from chassis.spreadsheets import Column, Sheet
from progress.filings.rules import Confidence, State

Rows = Sequence[Mapping[str, Any]]


class Format(StrEnum):
    XLSX = "xlsx"
    DOCX = "docx"


TYPES: Mapping[Format, str] = {
    Format.XLSX: spreadsheets.MEDIA_TYPE,
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
STATES: Mapping[State, str] = {
    State.OPEN: "待填报",
    State.SUBMITTED: "待本单位审核",
    State.CHECKED: "已报送",
    State.ACCEPTED: "已接收",
    State.APPROVED: "已审定",
    State.RETURNED: "已退回",
}
CONFIDENCES: Mapping[Confidence, str] = {Confidence.HIGH: "高", Confidence.MEDIUM: "中", Confidence.LOW: "低"}
TOTALS = ("计划", "应报", "已报", "按时", "已审定")
DETAILS: Mapping[str, int] = {
    "计划": 24,
    "序号": 6,
    "事项": 36,
    "辖区": 14,
    "填报单位": 20,
    "状态": 12,
    "报送日期": 12,
    "是否按时": 10,
    "完成比例": 10,
    "工作进展": 48,
    "存在问题": 36,
    "下一步安排": 36,
    "把握程度": 10,
    "版本": 6,
    "审定人": 16,
    "审定时间": 18,
}


def totals(rows: Rows) -> Iterator[tuple[str, int, int, int, int]]:
    """Expected, received, on time and approved by plan, then all; what is excused is not expected."""
    counted = [row for row in rows if not row["excused"]]
    for plan, own in groupby(counted, lambda row: row["plan"]):
        yield _total(plan, list(own))
    yield _total("合计", counted)


def _total(name: str, rows: Rows) -> tuple[str, int, int, int, int]:
    received = [row for row in rows if row["received_on"] is not None]
    approved = sum(row["approved"] > 0 for row in rows)
    return name, len(rows), len(received), sum(bool(row["on_time"]) for row in received), approved


def details(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """In the order of ``DETAILS``."""
    approved_at = row["approved_at"]
    return (
        *(row[name] for name in ("plan", "number", "title", "place", "office")),
        STATES[State(row["state"])],
        row["received_on"],
        {True: "是", False: "否", None: ""}[row["on_time"]],
        row["percent"],
        *(row[name] or "" for name in ("done", "problems", "next_steps")),
        CONFIDENCES[Confidence(row["confidence"])] if row["confidence"] else "",
        row["approved"] or None,
        row["approved_by"] or "",
        approved_at and approved_at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0),
    )


def excel(period: Mapping[str, Any], rows: Rows) -> bytes:
    return spreadsheets.write(
        Sheet("汇总", [Column(title, 24 if title == "计划" else 10) for title in TOTALS], totals(rows)),
        Sheet("明细", [Column(title, width) for title, width in DETAILS.items()], map(details, rows)),
    )


def word(period: Mapping[str, Any], rows: Rows) -> bytes:
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    document.add_heading(f"{period['title']}报送结果", 0)
    document.add_paragraph(
        f"报告期：{_day(period['starts'])}至{_day(period['ends'])}；报送期限：{_day(period['due'])}。"
    )
    document.add_heading("一、汇总", 1)
    _table(document, TOTALS, totals(rows))
    document.add_heading("二、明细", 1)
    shown = [title for title in DETAILS if title not in ("计划", "审定时间", "版本", "把握程度")]
    for plan, own in groupby(rows, lambda row: row["plan"]):
        document.add_heading(plan, 2)
        found = (dict(zip(DETAILS, details(row), strict=True)) for row in own)
        _table(document, shown, ([row[title] for title in shown] for row in found))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _table(document: Any, titles: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    table = document.add_table(1, len(titles), style="Table Grid")
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = "" if value is None else _day(value) if isinstance(value, date) else str(value)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


MAKERS = {Format.XLSX: excel, Format.DOCX: word}
