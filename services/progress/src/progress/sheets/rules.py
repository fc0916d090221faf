"""A period's filings as an Excel sheet: written to be filled in, read row by row, held against what is there. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from chassis.problems import DomainError
from chassis.spreadsheets import Cell, Column, Row, Sheet, Value, read, write
from progress.filings import rules as filings
from progress.filings.rules import Action, Capacity, Content, Filing, State

PLAN, NUMBER, TITLE, PLACE, OFFICE = "计划", "任务编号", "任务", "片区", "填报单位"
LAST, PERCENT, DONE, PROBLEMS, NEXT = "上期审定内容", "完成比例（%）", "工作进展", "存在问题", "下一步打算"
FINISHED, UNCHANGED, RECEIVED, ID, VERSION = "已完成", "与上期一致", "报送日期", "填报标识", "版本"
YES, NO = "是", "否"
_ASKED = (
    Column(PLAN, 20, locked=True),
    Column(NUMBER, 10, locked=True),
    Column(TITLE, 36, locked=True),
    Column(PLACE, 12, locked=True),
    Column(OFFICE, 18, locked=True),
    Column(LAST, 40, locked=True),
    Column(PERCENT, 12),
    Column(DONE, 50),
    Column(PROBLEMS, 30),
    Column(NEXT, 30),
    Column(FINISHED, 10, (YES, NO)),
)
_KNOWN = (Column(ID, 38, hidden=True), Column(VERSION, 8, hidden=True))
COLUMNS = (*_ASKED, Column(UNCHANGED, 12, (YES, NO)), *_KNOWN)
TAKEOVER = (*_ASKED, Column(RECEIVED, 14), *_KNOWN)
PAGE, HINTS_PAGE = "填报", "填写说明"
HINTS = (
    "每行一项填报；灰色列由系统填写，不能修改，请勿增删列或改动表头。",
    "完成比例填 0 到 100 的整数，例如 20，不要写成 20%。",
    "与上期相同的，在“与上期一致”列选“是”，其余内容不必填写。",
    "全部完成的，在“已完成”列选“是”，完成比例填 100。",
    "不填写的行可以删除，系统中的内容不变；不要填写公式。",
)
TAKEOVER_HINTS = (
    "每行一项填报；灰色列由系统填写，不能修改，请勿增删列或改动表头。",
    "按原报告填写；完成比例填 0 到 100 的整数，例如 20，不要写成 20%，工作进展必填。",
    "报送日期填写原报送日期，例如 2020-12-31；不填的按宽限日当日按时报送计。",
    "完全空白的行不接管，以后可以再传；不要填写公式。",
)
MOST_ROWS, LONGEST, LARGEST_VERSION = 2_000, 5_000, 2**53
_MARKS: Mapping[str, bool] = {"": False, NO: False, "FALSE": False, "×": False, YES: True, "TRUE": True, "√": True}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")

Kept = dict[str, Any]
T = TypeVar("T")


class Status(StrEnum):
    """What confirming a row would do: nothing, for one that says what is there already or nothing at all; change it;
    nothing, for one that cannot be filled in now, or that has errors.
    """

    SAME = "same"
    BLANK = "blank"
    CHANGED = "changed"
    BLOCKED = "blocked"
    WRONG = "wrong"


class Unsound(DomainError):
    """A sheet with errors is not taken over, not even in part."""

    slug = "sheet-with-errors"

    def __init__(self) -> None:
        super().__init__("表中还有错误，请改正后重新上传。")


class Wrong(Exception):
    """Why a cell cannot be taken."""


@dataclass(frozen=True)
class Named:
    """A filing with what people know it by, what was confirmed of its line last, and how many files are attached."""

    filing: Filing
    plan: str
    number: str
    title: str
    place: str
    office: str
    last: Content | None
    attachments: int


@dataclass(frozen=True)
class Judged:
    """A row held against its filing: what it would say (None when it says nothing), and what stands in its way."""

    status: Status
    content: Content | None = None
    unchanged: bool = False
    stale: bool = False
    problem: str | None = None


def action(*, takeover: bool) -> Action:
    return Action.TAKE_OVER if takeover else Action.FILL


def fillable(filing: Filing, today: date, *, takeover: bool) -> bool:
    """Whether a row of the template is for it: its office may fill it in, or the province take it over."""
    capacity = Capacity.PROVINCE if takeover else Capacity.WRITER
    return action(takeover=takeover) in filings.actions(capacity, filing.state, filing.hold(today))


def template(rows: Sequence[Named], *, takeover: bool) -> bytes:
    """The file that is filled in."""
    columns, hints = (TAKEOVER, TAKEOVER_HINTS) if takeover else (COLUMNS, HINTS)
    written = [_written(row, takeover=takeover) for row in rows]
    return write(Sheet(PAGE, columns, written), Sheet(HINTS_PAGE, [Column(HINTS_PAGE, 90)], [[hint] for hint in hints]))


def _written(row: Named, *, takeover: bool) -> list[Value]:
    filing, last, said = row.filing, row.last, row.filing.content
    heads: list[Value] = [row.plan, row.number, row.title, row.place, row.office]
    known: list[Value] = [str(filing.id), filing.version]
    if takeover:
        return [*heads, None, None, None, None, None, None, None, *known]
    words = [said.percent, said.done or None, said.problems or None, said.next_steps or None]
    marks = [YES if said.finished else None, YES if filing.unchanged else None]
    return [*heads, f"{last.percent}%　{last.done}" if last else None, *words, *marks, *known]


def rows(content: bytes, *, takeover: bool, today: date) -> list[Kept]:
    """Each row as it is kept: what could be read of it, with ``row``, the cell ``at`` which it names its filing, and
    ``errors``.
    """
    columns = TAKEOVER if takeover else COLUMNS
    titles = tuple(column.title for column in columns if column.title not in (PLAN, PLACE, OFFICE, LAST))
    found = [
        _read(row, takeover=takeover, today=today) for row in read(content, titles, sheet=PAGE, most_rows=MOST_ROWS)
    ]
    seen: dict[str, int] = {}
    for row in found:
        if row["filing"] in seen:
            _wrong(row, row["at"], TITLE, f"与第 {seen[row['filing']]} 行是同一项填报")
        elif row["filing"]:
            seen[row["filing"]] = row["row"]
    return found


def _read(row: Row, *, takeover: bool, today: date) -> Kept:
    kept: Kept = {"row": row.number, "at": row[TITLE].ref, "errors": []}

    def take(title: str, parse: Callable[[Cell], T], otherwise: T) -> T:
        try:
            if problem := row[title].problem:
                raise Wrong(problem)
            return parse(row[title])
        except Wrong as wrong:
            _wrong(kept, row[title].ref, title, str(wrong))
            return otherwise

    kept["filing"] = take(ID, _id, None)
    kept["version"] = take(VERSION, _version, None)
    kept["number"] = take(NUMBER, _text, "")
    kept["title"] = take(TITLE, _text, "")
    kept["done"] = take(DONE, _text, "")
    kept["problems"] = take(PROBLEMS, _text, "")
    kept["next_steps"] = take(NEXT, _text, "")
    kept["finished"] = take(FINISHED, _mark, False)
    kept["unchanged"] = not takeover and take(UNCHANGED, _mark, False)
    kept["percent"] = take(PERCENT, _percent, None)
    kept["received_on"] = take(RECEIVED, lambda cell: _day(cell, today), None) if takeover else None
    if not kept["errors"] and (missing := _missing(kept, takeover=takeover)):
        _wrong(kept, row[missing].ref, missing, "必填")
    return kept


def _missing(kept: Kept, *, takeover: bool) -> str | None:
    """The column that has to be filled in."""
    if kept["unchanged"] or (takeover and is_blank(kept)):
        return None
    if kept["percent"] is None:
        return PERCENT
    return DONE if takeover and not kept["done"] else None


def is_blank(kept: Kept) -> bool:
    """Whether nothing is said of its filing."""
    said = (kept["done"], kept["problems"], kept["next_steps"], kept["finished"], kept["received_on"])
    return kept["percent"] is None and not any(said)


def _wrong(kept: Kept, ref: str, column: str, why: str) -> None:
    kept["errors"].append({"cell": ref, "column": column, "detail": why})


def _id(cell: Cell) -> str:
    try:
        return str(UUID(cell.text))
    except ValueError:
        raise Wrong("缺失或已被改动；请使用本系统下载的表") from None


def _version(cell: Cell) -> int:
    if not (cell.text.isascii() and cell.text.isdigit() and 0 < int(cell.text[:17]) <= LARGEST_VERSION):
        raise Wrong("缺失或已被改动；请使用本系统下载的表")
    return int(cell.text)


def _text(cell: Cell) -> str:
    if len(cell.text) > LONGEST:
        raise Wrong(f"最多 {LONGEST} 个字符")
    return cell.text


def _mark(cell: Cell) -> bool:
    found = _MARKS.get(cell.text.upper())
    if found is None:
        raise Wrong(f"应填“{YES}”或“{NO}”")
    return found


def _percent(cell: Cell) -> int | None:
    text = cell.text.removesuffix("%").removesuffix("％").strip()
    if not cell.text:
        return None
    if isinstance(cell.value, (bool, date)) or not (text.isascii() and text.isdigit() and int(text[:9]) <= 100):
        raise Wrong("应为 0 到 100 的整数，例如 20")
    return int(text)


def _day(cell: Cell, today: date) -> str | None:
    if not cell.text:
        return None
    found = _DAY.fullmatch(cell.value.isoformat()[:10] if isinstance(cell.value, date) else cell.text)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong("应为日期，例如 2020-12-31")
    if day > today:
        raise Wrong("不能晚于今天")
    return day.isoformat()


def named_wrongly(kept: Kept, named: Named | None, period: str | None) -> str | None:
    """Why a row cannot be of the filing that it names: None is one of another ``period``, or not the caller's."""
    if named is None and period is not None:
        return f"是另一报告期“{period}”的填报；请使用本报告期的填报表"
    if named is None:
        return "不是本单位在本报告期的填报"
    if (kept["number"], kept["title"]) != (named.number, plain(named.title)):
        return f"与填报标识不符：该标识属于第 {named.number} 项任务；请重新下载填报表，不要移动或改写灰色列"
    return None


def plain(text: str) -> str:
    """As a sheet gives it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def judge(kept: Kept, named: Named, acting: Capacity, today: date, *, takeover: bool) -> Judged:
    """What confirming a sound row would do now."""
    filing, last = named.filing, named.last
    if takeover and is_blank(kept):
        return Judged(Status.BLANK)
    unchanged = kept["unchanged"] and last is not None
    content = last if unchanged and last else said(kept, filing)
    stale = kept["version"] != filing.version
    if _same(content, filing.content) and (unchanged == filing.unchanged) and (filing.approved > 0 or not takeover):
        return Judged(Status.SAME, content, unchanged)
    try:
        filings.authorize(action(takeover=takeover), acting, filing, today)
        if takeover:
            filings.must_be_whole(content)
    except DomainError as refused:
        return Judged(Status.BLOCKED, content, unchanged, stale, str(refused))
    return Judged(Status.CHANGED, content, unchanged, stale)


def said(kept: Kept, filing: Filing) -> Content:
    """What stands in the row; the percent of the draft where it says none."""
    percent = filing.content.percent if kept["percent"] is None else kept["percent"]
    return Content(percent, kept["done"], kept["problems"], kept["next_steps"], kept["finished"])


def _same(one: Content, other: Content) -> bool:
    return _plain(one) == _plain(other)


def _plain(content: Content) -> Content:
    done, problems, next_steps = (plain(text) for text in (content.done, content.problems, content.next_steps))
    return Content(content.percent, done, problems, next_steps, content.finished)


def changes(judged: Judged, filing: Filing) -> list[dict[str, Any]]:
    """The fields that the row would change, before and after."""
    if judged.content is None or judged.status not in (Status.CHANGED, Status.BLOCKED):
        return []
    before, after = vars(_plain(filing.content)), vars(_plain(judged.content))
    return [
        {"field": field, "before": before[field], "after": value}
        for field, value in after.items()
        if before[field] != value
    ]


def may_submit(filing: Filing) -> bool:
    """Of a row that changes nothing, whether somebody has written what stands there: not what it came filled with."""
    return filing.saved_by is not None and filing.state in (State.OPEN, State.RETURNED)
