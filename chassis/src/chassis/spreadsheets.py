"""Excel sheets (.xlsx): written with real types, read within bounds and without trust.

Out: ``write(Sheet("任务", [Column("编号", 8), Column("标题", 40)], rows))`` gives the file's bytes.
In: ``read(content, ("编号", "标题"))`` gives the rows below the line that holds these titles; ``row["编号"].value`` is
what stands there, ``.ref`` where (``B7``), ``.problem`` why it cannot be taken, if it cannot. Both are quick (400 rows
in a fraction of a second) and block meanwhile: routes call them with ``asyncio.to_thread``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from chassis.problems import Invalid, Problem

Value = str | int | float | bool | date | datetime | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_FILE = 5 * 2**20
LARGEST_PART, LARGEST_WHOLE, MOST_PARTS = 16 * 2**20, 24 * 2**20, 500
MOST_ROWS, MOST_COLUMNS, LAST_ROW = 2_000, 100, 1_048_576
TITLES_WITHIN = 20
FIELD = "/body/file"
UNREADABLE = "不是有效的 Excel（.xlsx）文件，或文件已损坏；旧格式（.xls）请另存为 .xlsx，加密的请先解密"

_FORMULA_STARTS = ("=", "+", "-", "@")
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_SHADE = PatternFill("solid", fgColor="F2F2F2")
_OPEN = Protection(locked=False)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMATS: Mapping[type, str] = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}
_XML_TRICK = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^[^>]{0,200}encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """``width`` in characters (a Chinese one counts twice); ``choices`` are offered as a list in each cell.

    One that is ``locked`` protects its sheet: only the others can be filled in. One that is ``hidden`` is locked too.
    """

    title: str
    width: int = 14
    choices: Sequence[str] = ()
    locked: bool = False
    hidden: bool = False

    @property
    def open(self) -> bool:
        return not (self.locked or self.hidden)


@dataclass(frozen=True)
class Sheet:
    """Rows below a line of titles. Times carry no zone: give them as they shall be read."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text without white space around it, a number, a day, a time; None when it is empty.

    ``problem`` says, for people, why the value could not be taken (a formula, an error); ``value`` is None then.
    """

    ref: str
    value: Value
    problem: str | None = None

    @property
    def text(self) -> str:
        """The value as text: ``2021-01-23`` for a day, ``12`` for 12.0, nothing for an empty cell."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value)


@dataclass(frozen=True)
class Row:
    """``number`` as Excel counts; ``row[title]`` is the cell in the column with that title."""

    number: int
    cells: Mapping[str, Cell]

    def __getitem__(self, title: str) -> Cell:
        return self.cells[title]


def write(*sheets: Sheet) -> bytes:
    """The file of the sheets: titles stay in view, can be filtered by; text is text, whatever it begins with."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book, sheet)
    return _saved(book)


class Growing:
    """A file of one sheet whose rows come a few at a time and wait on disk; the calls block like ``write``."""

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        self._book, self._columns, self._last, self._whole = Workbook(write_only=True), columns, 1, False
        self._page = _begun(self._book, name, columns)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        for self._last, row in enumerate(rows, self._last + 1):  # noqa: B020 - it goes on where it was
            self._page.append([_cell(self._page, value) for value in row])

    def content(self) -> bytes:
        """The whole file; nothing can be added afterwards."""
        self._whole = True
        _filtered(self._page, self._columns, self._last)
        return _saved(self._book)

    def close(self) -> None:
        """Takes away from the disk what did not become a whole file."""
        if not self._whole:
            self.content()


def _write(book: Workbook, sheet: Sheet) -> None:
    page = _begun(book, sheet.name, sheet.columns)
    protects = not all(column.open for column in sheet.columns)
    last = 1
    for last, row in enumerate(sheet.rows, 2):  # noqa: B007 - the last one counts
        page.append([_cell(page, value) for value in row] if not protects else _locked(page, sheet.columns, row))
    if protects:
        _protect(page)
    _filtered(page, sheet.columns, last)
    for place, column in enumerate(sheet.columns, 1):
        if column.choices:
            letter = get_column_letter(place)
            offered = DataValidation("list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            page.data_validations.append(offered)


def _begun(book: Workbook, name: str, columns: Sequence[Column]) -> Any:
    """A further sheet with its titles."""
    page: Any = book.create_sheet(name)
    page.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        dimension = page.column_dimensions[get_column_letter(place)]
        dimension.width, dimension.hidden = column.width, column.hidden
    page.append([_title(page, column.title) for column in columns])
    return page


def _filtered(page: Any, columns: Sequence[Column], last: int) -> None:
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _locked(page: Any, columns: Sequence[Column], row: Sequence[Value]) -> list[Any]:
    cells = [_cell(page, value) for value in row]
    for column, cell in zip(columns, cells, strict=True):
        if column.open:
            cell.protection = _OPEN
        else:
            cell.fill = _SHADE
    return cells


def _protect(page: Any) -> None:
    """Without a password: against slips. Widths, heights, order and filters stay free."""
    page.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "sort", "autoFilter"):
        setattr(page.protection, allowed, False)


def _title(page: Any, title: str) -> Any:
    cell: Any = _cell(page, title)
    cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(page: Any, value: Value) -> Any:
    if isinstance(value, str):
        return _text(page, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell = WriteOnlyCell(page, value)  # type: ignore[arg-type] # its stubs forget days
    if format_ := _FORMATS.get(type(value)):
        cell.number_format = format_
    return cell


def _text(page: Any, text: str) -> Any:
    """A cell of text that no program takes for a formula, not even when it is edited there."""
    cell: Any = WriteOnlyCell(page, text)
    cell.data_type = "s"
    cell.alignment = _WRAPPED
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def read(content: bytes, titles: Sequence[str], *, sheet: str | None = None, most_rows: int = MOST_ROWS) -> list[Row]:
    """The rows that are not empty, in order. ``sheet`` is its name; else the first that is not hidden.

    The titles stand in one line among the first 20, in any order; other columns are passed over. Raises Invalid for
    what is no such file, and a Problem 413 for one beyond the bounds; nothing in it is evaluated.
    """
    try:
        _check(content)
        found = _rows(content, sheet)
        columns = _columns(found, titles)
        return _taken(found, columns, most_rows)
    except Problem:
        raise
    except Exception as error:  # zipfile and openpyxl raise anything for a damaged file
        raise Invalid(FIELD, UNREADABLE) from error


def _check(content: bytes) -> None:
    """Raises a Problem for what goes beyond bounds or uses XML that no spreadsheet needs; anything for no archive."""
    if len(content) > LARGEST_FILE:
        raise too_large("文件超过 5 MB")
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_WHOLE:
            raise too_large("文件展开后过大")
        for part in parts:
            _check_part(archive.read(part))


def _check_part(part: bytes) -> None:
    """Whatever its name, since the file itself says which parts are read; without its zeros UTF-16 is seen through."""
    if len(part) > LARGEST_PART:
        raise too_large("文件展开后过大")
    plain = part.replace(b"\0", b"")
    if _XML_TRICK.search(plain) or _ENCODING.match(plain):
        raise Invalid(FIELD, "文件含有不被接受的 XML 内容")


def too_large(why: str) -> Problem:
    """413 for an uploaded file."""
    return Problem(413, "too-large", f"{why}。", errors=[(FIELD, why)])


def _rows(content: bytes, sheet: str | None) -> Iterator[tuple[int, Sequence[Any]]]:
    book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    named = [page for page in book.worksheets if (page.title == sheet if sheet else page.sheet_state == "visible")]
    if not named:
        raise Invalid(FIELD, f"文件中没有名为“{sheet}”的工作表" if sheet else "文件中没有可见的工作表")
    page: Any = named[0]
    page.reset_dimensions()
    return enumerate(page.iter_rows(max_col=MOST_COLUMNS, max_row=LAST_ROW), 1)


def _columns(rows: Iterator[tuple[int, Sequence[Any]]], titles: Sequence[str]) -> dict[str, int]:
    """The place of each title in the line that holds most of them."""
    best: dict[str, int] = {}
    for number, row in rows:
        here = {_squeezed(cell.value): place for place, cell in reversed(list(enumerate(row)))}
        found = {title: here[_squeezed(title)] for title in titles if _squeezed(title) in here}
        best = max(best, found, key=len)
        if len(best) == len(titles):
            return best
        if number >= TITLES_WITHIN:
            break
    missing = "、".join(title for title in titles if title not in best)
    raise Invalid(FIELD, f"缺少列：{missing}；请使用本系统下载的模板")


def _squeezed(value: object) -> str:
    return "".join(str(value).split())


def _taken(rows: Iterator[tuple[int, Sequence[Any]]], columns: Mapping[str, int], most_rows: int) -> list[Row]:
    taken: list[Row] = []
    for number, row in rows:
        if not row:
            continue
        cells = {
            title: _read(row[place], f"{get_column_letter(place + 1)}{number}") for title, place in columns.items()
        }
        if all(cell.value is None and cell.problem is None for cell in cells.values()):
            continue
        if len(taken) == most_rows:
            raise too_large(f"超过 {most_rows} 行")
        taken.append(Row(number, cells))
    return taken


def _read(cell: Any, ref: str) -> Cell:
    value, kind = cell.value, cell.data_type
    if kind == "f":
        return Cell(ref, None, "含有公式；请复制后“粘贴为数值”")
    if kind == "e" or (isinstance(value, float) and value in (float("inf"), float("-inf"))):
        return Cell(ref, None, "含有错误值")
    if isinstance(value, datetime):
        return Cell(ref, value.date() if value.time() == time() else value.replace(microsecond=0))
    if isinstance(value, str):
        return Cell(ref, value.replace("\r\n", "\n").strip() or None)
    return Cell(ref, value if isinstance(value, (int, float, date)) else (None if value is None else str(value)))
