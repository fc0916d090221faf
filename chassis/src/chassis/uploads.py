"""Uploaded files: their own names, their bytes within bounds."""

import hashlib
import re

from fastapi import UploadFile

from chassis.problems import Invalid
from chassis.spreadsheets import FIELD, LARGEST_FILE, too_large


def filename(given: str | None, endings: tuple[str, ...]) -> str:
    """The file's own name without folders. Raises Invalid for one that ends otherwise."""
    name = re.split(r"[/\\]", given or "")[-1].strip()
    if not name.lower().endswith(endings):
        raise Invalid(FIELD, f"只接受 {'、'.join(endings)} 文件")
    if len(name) > 200 or not name.isprintable():
        raise Invalid(FIELD, "文件名过长或含有不可见字符")
    return name


async def content(file: UploadFile) -> bytes:
    """The file's bytes. Raises a Problem for an empty file (422) and one above 5 MB (413)."""
    given = await file.read(LARGEST_FILE + 1)
    if not given:
        raise Invalid(FIELD, "文件是空的")
    if len(given) > LARGEST_FILE:
        raise too_large("文件超过 5 MB")
    return given


def digest(given: bytes) -> str:
    return hashlib.sha256(given).hexdigest()
