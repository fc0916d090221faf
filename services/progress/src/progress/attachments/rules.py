"""What may be attached to a thing, and how much of it. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath
from uuid import UUID

from chassis.problems import DomainError

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_FILES = 20
MOST_EVER = 100
"""Of one office at one thing, those that were removed included."""
MOST_NAME = 120
DAYS_LOOSE, DAYS_REMOVED = 1, 30
"""How long content stays that no attachment refers to: of an upload that came to nothing, of a removed attachment."""


class Kind(StrEnum):
    """填报、督办单、需协调问题、创新案例."""

    FILING = "filing"
    ORDER = "order"
    PROBLEM = "problem"
    CASE = "case"


@dataclass(frozen=True)
class Format:
    """``signature`` is the extension by which such content is known from its first bytes, empty for text; ``part`` is
    what a package of Office has in it.
    """

    type: str
    signature: str = ""
    part: str = ""


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_COMPOUND = ".doc"
FORMATS: Mapping[str, Format] = {
    "pdf": Format("application/pdf", ".pdf"),
    "docx": Format(f"{_OPEN_XML}.wordprocessingml.document", ".docx", "word/document.xml"),
    "xlsx": Format(f"{_OPEN_XML}.spreadsheetml.sheet", ".docx", "xl/workbook.xml"),
    "pptx": Format(f"{_OPEN_XML}.presentationml.presentation", ".docx", "ppt/presentation.xml"),
    "doc": Format("application/msword", _COMPOUND),
    "xls": Format("application/vnd.ms-excel", _COMPOUND),
    "ppt": Format("application/vnd.ms-powerpoint", _COMPOUND),
    "wps": Format("application/vnd.ms-works", _COMPOUND),
    "et": Format("application/vnd.ms-excel", _COMPOUND),
    "dps": Format("application/vnd.ms-powerpoint", _COMPOUND),
    "png": Format("image/png", ".png"),
    "jpg": Format("image/jpeg", ".jpg"),
    "jpeg": Format("image/jpeg", ".jpg"),
    "webp": Format("image/webp", ".webp"),
    "txt": Format("text/plain"),
    "csv": Format("text/csv"),
}
"""By the extension of a file's name what its content must be. WPS writes the same compound files as old Office."""


class NotUsable(DomainError):
    status = 422
    slug = "file-not-usable"
    pointer = "/body/file"


class TooLarge(DomainError):
    status = 413
    slug = "too-large"
    pointer = "/body/file"


class TooMany(DomainError):
    slug = "too-many-attachments"


class Infected(DomainError):
    status = 422
    slug = "file-infected"
    pointer = "/body/file"


class NoEvidence(DomainError):
    slug = "evidence-missing"


@dataclass(frozen=True)
class Attachment:
    """An attachment as it is stored. ``frozen``: an approved version, a closed order… refers to it."""

    id: UUID
    kind: Kind
    thing_id: UUID
    name: str
    type: str
    size: int
    sha256: str
    office: str
    removed_at: datetime | None
    frozen: bool
    version: int

    @property
    def has_content(self) -> bool:
        return self.removed_at is None or self.frozen


def cleaned(given: str) -> str:
    """A name to show and to save as: no folders, no invisible or reversing characters, no endless length.

    Raises NotUsable when nothing is left of it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(" " if ch.isspace() else ch for ch in last if ch.isspace() or unicodedata.category(ch)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", re.sub(r" +", " ", seen)).strip(" .")
    path = PurePosixPath(name)
    if not name or not path.suffix:
        raise NotUsable("文件名应有名称和扩展名。")
    return path.stem[: MOST_NAME - len(path.suffix)].rstrip(" .") + path.suffix[:MOST_NAME]


def format_of(name: str) -> Format:
    """What the content must be by its name's extension. Raises NotUsable for what is not allowed."""
    try:
        return FORMATS[PurePosixPath(name).suffix.lower().removeprefix(".")]
    except KeyError:
        allowed = "、".join(f".{extension}" for extension in FORMATS)
        raise NotUsable(f"不支持该类型的文件，可上传：{allowed}。") from None


def must_have_room(present: int, ever: int) -> None:
    """Raises TooMany for an office that has attached as many to a thing as it may."""
    if present >= MOST_FILES:
        raise TooMany(f"每个单位最多 {MOST_FILES} 个附件，请先移除不需要的。")
    if ever >= MOST_EVER:
        raise TooMany(f"本单位的附件（含已移除的）已达 {MOST_EVER} 个，不能再添加。")


def must_be_evident(attachments: int) -> None:
    """Raises NoEvidence for a thing that nothing proves."""
    if not attachments:
        raise NoEvidence("销号须附佐证材料，请先上传附件。")
