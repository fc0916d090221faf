"""The Excel template of a plan: written with what is there, and read row by row. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

from catalog.manuscripts.rules import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    MOST_TASKS,
    MOST_UNITS,
    Entry,
    Manuscript,
    Part,
    restored,
    stored,
    unsound,
)
from chassis.spreadsheets import Cell, Column, Row, Sheet, Value, read, write

NUMBER, TITLE, TEXT, LEADS, MEMBERS, DUE = "编号", "任务名称", "主要措施", "牵头单位", "配合单位", "完成时限"
COLUMNS = (
    Column(NUMBER, 8),
    Column(TITLE, 36),
    Column(TEXT, 70),
    Column(LEADS, 24),
    Column(MEMBERS, 36),
    Column(DUE, 14),
)
TITLES = tuple(column.title for column in COLUMNS)
PAGE = "任务"
HINTS = (
    "每行一项任务；编号、任务名称、牵头单位必填，编号不重复。",
    "多个单位之间用顿号“、”隔开；第一个牵头单位排在最前。",
    "完成时限填日期，例如 2026-12-31；没有时限可不填。",
    "编号与已有任务相同的，视为修改该任务；表中没有的任务将从编制稿中删除。",
    "不要改动表头，也不要填写公式。",
)
SEPARATORS = re.compile(r"[、，,；;\n]+")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_TITLE, SHORTEST_UNIT, LONGEST_UNIT = 200, 2, 100

T = TypeVar("T")


class Wrong(Exception):
    """Why a cell cannot be taken."""


def template(manuscript: Manuscript) -> bytes:
    """The file that is filled in."""
    rows = [_row(entry) for entry in manuscript.entries]
    return write(Sheet(PAGE, COLUMNS, rows), Sheet("填写说明", [Column("填写说明", 80)], [[hint] for hint in HINTS]))


def _row(entry: Entry) -> Sequence[Value]:
    leads, members = (
        "、".join(part.unit for part in entry.responsibilities if part.role == role) for role in ("lead", "member")
    )
    return entry.number, entry.title, entry.text, leads, members, entry.due


def rows(content: bytes) -> list[dict[str, Any]]:
    """Each row as it is kept: a stored entry, or what could be read of one, with ``row`` and ``errors``."""
    found = [_read(row) for row in read(content, TITLES, sheet=PAGE, most_rows=MOST_TASKS)]
    seen: dict[int, int] = {}
    for row in found:
        if row["number"] in seen:
            _wrong(row, row.pop("at"), NUMBER, f"编号与第 {seen[row['number']]} 行重复")
        row.pop("at", None)
        seen.setdefault(row["number"], row["row"])
    return found


def _read(row: Row) -> dict[str, Any]:
    read_: dict[str, Any] = {"row": row.number, "errors": [], "code": None, "at": row[NUMBER].ref}

    def take(title: str, parse: Callable[[Cell], T], otherwise: T) -> T:
        try:
            if problem := row[title].problem:
                raise Wrong(problem)
            return parse(row[title])
        except Wrong as wrong:
            _wrong(read_, row[title].ref, title, str(wrong))
            return otherwise

    read_["number"] = take(NUMBER, _number, None)
    read_["title"] = take(TITLE, _title, "")
    read_["text"] = take(TEXT, _text, "")
    nobody: list[str] = []
    parts = {"lead": take(LEADS, _leads, nobody), "member": take(MEMBERS, _units, nobody)}
    read_["responsibilities"] = [{"unit": unit, "role": role} for role, units in parts.items() for unit in units]
    read_["due"] = take(DUE, _due, None)
    if not read_["errors"] and (problem := _together(read_)):
        _wrong(read_, row[MEMBERS].ref, MEMBERS, problem)
    return read_


def _wrong(row: dict[str, Any], ref: str, column: str, why: str) -> None:
    row["errors"].append({"cell": ref, "column": column, "detail": why})


def _together(row: dict[str, Any]) -> str | None:
    return unsound([Part(**part) for part in row["responsibilities"]])


def _number(cell: Cell) -> int | None:
    if not cell.text:
        raise Wrong("必填")
    if not (cell.text.isascii() and cell.text.isdigit() and 0 < int(cell.text[:9]) <= LARGEST_NUMBER):
        raise Wrong(f"应为 1 到 {LARGEST_NUMBER} 的整数")
    return int(cell.text)


def _title(cell: Cell) -> str:
    if not cell.text:
        raise Wrong("必填")
    if len(cell.text) > LONGEST_TITLE:
        raise Wrong(f"最多 {LONGEST_TITLE} 个字符")
    return cell.text


def _text(cell: Cell) -> str:
    if len(cell.text) > LONGEST_TEXT:
        raise Wrong(f"最多 {LONGEST_TEXT} 个字符")
    return cell.text


def _leads(cell: Cell) -> list[str]:
    if not cell.text:
        raise Wrong("必填")
    return _units(cell)


def _units(cell: Cell) -> list[str]:
    units = [unit.strip() for unit in SEPARATORS.split(cell.text) if unit.strip()]
    if len(units) > MOST_UNITS // 2:
        raise Wrong(f"最多 {MOST_UNITS // 2} 个单位")
    for unit in units:
        if not SHORTEST_UNIT <= len(unit) <= LONGEST_UNIT or CONTROL.search(unit):
            raise Wrong(f"“{unit[:20]}”不是有效的单位名称")
        if units.count(unit) > 1:
            raise Wrong(f"单位“{unit}”重复")
    return units


def _due(cell: Cell) -> str | None:
    if not cell.text:
        return None
    if isinstance(cell.value, date):
        return cell.value.isoformat()[:10]
    found = DAY.fullmatch(cell.text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> str:
    raise Wrong("应为日期，例如 2026-12-31")


def entries(kept: Sequence[dict[str, Any]], before: Sequence[Entry]) -> Iterator[Entry]:
    """The tasks of sound rows: each continues the one with its number, units in their order where none changed."""
    known = {entry.number: entry for entry in before}
    for row in kept:
        if row["errors"]:
            continue
        entry = restored({name: row[name] for name in stored(Entry(1, "", "", ()))})
        same = known.get(entry.number)
        if same is None:
            yield entry
        else:
            parts = same.responsibilities if _parted(same) == _parted(entry) else entry.responsibilities
            yield Entry(**vars(entry) | {"code": same.code, "responsibilities": parts})


def _parted(entry: Entry) -> list[tuple[str, ...]]:
    return [tuple(part.unit for part in entry.responsibilities if part.role == role) for role in ("lead", "member")]
