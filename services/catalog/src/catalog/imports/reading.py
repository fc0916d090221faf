"""An uploaded file as a notice: its text, what the text says."""

from collections.abc import Sequence
from typing import Any

from catalog.notice import NoticeError, parse, read
from chassis.problems import Invalid
from chassis.spreadsheets import FIELD

ENDINGS = (".txt", ".docx")


def notice(given: bytes, name: str, known: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The file's text and what it says as a notice. Raises Invalid when it is none."""
    try:
        text = read(given, name)
        return text, parse(text, known).as_dict()
    except NoticeError as error:
        raise Invalid(FIELD, str(error)) from error
