"""An uploaded file as a notice: its name, its size, its text, what the text says."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from fastapi import UploadFile

from catalog.notice import LARGEST_FILE, NoticeError, parse, read
from chassis.problems import Invalid, Problem

FIELD = "/body/file"


def filename(given: str | None, endings: tuple[str, ...] = (".txt", ".docx")) -> str:
    """The file's own name without folders. Raises Invalid for one that ends otherwise."""
    name = re.split(r"[/\\]", given or "")[-1].strip()
    if not name.lower().endswith(endings):
        raise Invalid(FIELD, f"只接受 {' 或 '.join(endings)} 文件")
    if len(name) > 200 or not name.isprintable():
        raise Invalid(FIELD, "文件名过长或含有不可见字符")
    return name


async def content(file: UploadFile) -> bytes:
    """The file's bytes. Raises a Problem for an empty file (422) and one above 5 MB (413)."""
    given = await file.read(LARGEST_FILE + 1)
    if not given:
        raise Invalid(FIELD, "文件是空的")
    if len(given) > LARGEST_FILE:
        raise Problem(413, "too-large", "文件超过 5 MB。", errors=[(FIELD, "最大 5 MB")])
    return given


def digest(given: bytes) -> str:
    return hashlib.sha256(given).hexdigest()


def notice(given: bytes, name: str, known: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The file's text and what it says as a notice. Raises Invalid when it is none."""
    try:
        text = read(given, name)
        return text, parse(text, known).as_dict()
    except NoticeError as error:
        raise Invalid(FIELD, str(error)) from error
