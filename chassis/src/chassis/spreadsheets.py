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

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from xlsxwriter import Workbook

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
_TITLE = {"bold": True, "bg_color": "#DCE6F1", "text_wrap": True, "valign": "vcenter"}
_OPEN, _SHADED = {"locked": False}, {"bg_color": "#F2F2F2"}
_LOOKS: Mapping[type, Mapping[str, Any]] = {
    str: {"text_wrap": True, "valign": "top"},
    datetime: {"num_format": "yyyy-mm-dd hh:mm"},
    date: {"num_format": "yyyy-mm-dd"},
}
_FREE = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
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
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        for sheet in sheets:
            page = _Page(book, sheet.name, sheet.columns)
            page.add(sheet.rows)
            page.end()
    return out.getvalue()


class Growing:
    """A file of one sheet whose rows come a few at a time and wait on disk; the calls block like ``write``."""

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        self._out, self._whole = BytesIO(), False
        self._book = Workbook(self._out, {"constant_memory": True})
        self._page = _Page(self._book, name, columns)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        self._page.add(rows)

    def content(self) -> bytes:
        """The whole file; nothing can be added afterwards."""
        self._whole = True
        self._page.end()
        self._book.close()
        return self._out.getvalue()

    def close(self) -> None:
        """Takes away from the disk what did not become a whole file."""
        if not self._whole:
            self.content()


class _Page:
    """A sheet that begins with its titles. What may not be filled in is shaded and locked, without a password: against
    slips; widths, heights, order and filters stay free.
    """

    def __init__(self, book: Any, name: str, columns: Sequence[Column]) -> None:
        self._book, self._columns, self._last = book, columns, 0
        self._protects = not all(column.open for column in columns)
        self._formats: dict[tuple[type, bool, bool], Any] = {}
        self._page = book.add_worksheet(name)
        self._page.freeze_panes(1, 0)
        title = book.add_format(_TITLE)
        for place, column in enumerate(columns):
            self._page.set_column(place, place, column.width, None, {"hidden": column.hidden})
            self._page.write_string(0, place, column.title, title)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        for self._last, row in enumerate(rows, self._last + 1):  # noqa: B020 - it goes on where it was
            for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                self._put(place, column, value)

    def end(self) -> None:
        """Gives the sheet what its cells have together."""
        self._page.autofilter(0, 0, self._last, len(self._columns) - 1)
        for place, column in enumerate(self._columns):
            if column.choices:
                offered = {"validate": "list", "source": list(column.choices), "show_input": False, "show_error": False}
                self._page.data_validation(1, place, MOST_ROWS, place, offered)
        if self._protects:
            self._page.protect("", dict.fromkeys(_FREE, True))

    def _put(self, place: int, column: Column, value: Value) -> None:
        if isinstance(value, str):
            text = ILLEGAL_CHARACTERS_RE.sub("", value)
            put = self._page.write_string if text else self._page.write_blank
            put(self._last, place, text, self._format(column, str, text.startswith(_FORMULA_STARTS)))
        else:
            self._page.write(self._last, place, value, self._format(column, type(value)))

    def _format(self, column: Column, kind: type, quoted: bool = False) -> Any:
        """That of a cell; who edits one that is ``quoted`` makes no formula of it either."""
        key = kind, quoted, column.open
        if key not in self._formats:
            look = {**_LOOKS.get(kind, {})} | ({"quote_prefix": True} if quoted else {})
            if self._protects:
                look |= _OPEN if column.open else _SHADED
            self._formats[key] = self._book.add_format(look) if look else None
        return self._formats[key]


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
