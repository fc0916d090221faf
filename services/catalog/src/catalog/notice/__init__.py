"""The reader of government notices (通知): from a file to plans, tasks, responsible units and warnings. Pure.

``files`` turns bytes into text, ``repair`` undoes the damage of PDF, ``outline`` finds headings and numbered entries,
``responsibilities`` reads the brackets, ``parsing`` puts it all together.
"""

from catalog.notice.files import LARGEST_FILE, read
from catalog.notice.model import Notice, NoticeError
from catalog.notice.names import unit_code, unit_kind
from catalog.notice.parsing import parse

__all__ = ["LARGEST_FILE", "Notice", "NoticeError", "parse", "read", "unit_code", "unit_kind"]
