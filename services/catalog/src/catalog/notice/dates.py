"""Deadlines (完成时限) as notices word them."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.notice.numerals import CHINESE, number

LASTING = re.compile(r"长期|持续|常态|常年|每年|永久|经常")
TIME = re.compile(
    r"\d{4}(?:年|[-./]\d)[\d年月日号上下中旬半第季度底末内初份以前至到—–~～./-]*(?:完成|建成|实现|取得)?"
    r"|(?:长期|持续|常态化?)(?:坚持|推进|实施|开展)?"
)
YEAR = re.compile(r"(\d{4})(?:年度?|(?=[-./]\d))")
# what may stand after the year, the first that fits: month and day from it
DAY = re.compile(r"[-./]?(\d{1,2})[-./月](\d{1,2})[日号]?(?!\d)")
PART = re.compile(r"(\d{1,2})月份?([上中下])旬")
MONTH = re.compile(r"(?:(\d{1,2})月份?|[-./](\d{1,2}))(底|末|内|中|初)?(以?前)?")
HALF = re.compile(r"([上下])半年")
QUARTER = re.compile(r"第?([1-4])季度?(底|末|内|初)?(以?前)?")
WHOLE = re.compile(r"(底|末|内|终|中|初)?(以?前)?")
VAGUE = ("初", "中")


@dataclass(frozen=True)
class Due:
    """``certain`` is false when ``day`` is one of several readings, or None for want of an understanding."""

    day: date | None
    certain: bool


def is_time(text: str) -> bool:
    """Whether this names a time rather than a unit."""
    return TIME.fullmatch(_plain(text)) is not None


def due(text: str) -> Due:
    """The last day of the time meant: 2022年6月底前 is 2022-06-30, 长期坚持 is none.

    2022年6月前 ends with May, taken strictly; since June may be meant, it is not certain. Of a span the end counts.
    """
    plain = _plain(text)
    years = list(YEAR.finditer(plain))
    if not years:
        return Due(None, certain=bool(LASTING.search(plain)))
    year, rest = int(years[-1][1]), re.split("[—–~至到]+", plain[years[-1].end() :])
    try:
        return _within(year, next((part for part in reversed(rest) if re.search(r"\d|年", part)), rest[0]))
    except ValueError:
        return Due(None, certain=False)


def _plain(text: str) -> str:
    chinese = re.compile(f"[{CHINESE}]{{1,5}}(?=[年月日号季])")
    return chinese.sub(lambda found: str(number(found.group())), unicodedata.normalize("NFKC", text))


def _within(year: int, rest: str) -> Due:
    """Raises ValueError for no such day, and for numbers that are not understood."""
    if found := DAY.match(rest):
        return Due(date(year, int(found[1]), int(found[2])), certain=True)
    if found := PART.match(rest):
        month = int(found[1])
        day = {"上": 10, "中": 20}.get(found[2], monthrange(year, month)[1])
        return Due(date(year, month, day), certain=True)
    if found := MONTH.match(rest):
        return _period(year, int(found[1] or found[2]), 1, found[3], found[4])
    if found := HALF.match(rest):
        return Due(date(year, 6, 30) if found[1] == "上" else date(year, 12, 31), certain=True)
    if found := QUARTER.match(rest):
        return _period(year, 3 * int(found[1]) - 2, 3, found[2], found[3])
    if re.search(r"\d", rest):
        raise ValueError(rest)
    found = WHOLE.match(rest)
    return _period(year, 1, 12, found and found[1], found and found[2])


def _period(year: int, month: int, months: int, part: str | None, before: str | None) -> Due:
    """The end of so many months from ``month`` on; their eve when it says before them, and not before their end."""
    if before and not part:
        return Due(date(year, month, 1) - timedelta(days=1), certain=False)
    last = month + months - 1
    return Due(date(year, last, monthrange(year, last)[1]), certain=part not in VAGUE)
