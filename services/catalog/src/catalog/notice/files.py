"""A file's bytes as text: .txt in the encodings that such files have, .docx."""

import codecs
import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell

from catalog.notice.model import NoticeError

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 16 * 1024 * 1024
MOST_TAGS = 200_000
"""Of each part: reading takes its time by them, not by its size."""
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
BINARY = re.compile("[\x00-\x08\x0e-\x1b\x7f]")


def read(content: bytes, filename: str) -> str:
    """The text of a .txt (UTF-8, UTF-16 with a byte order mark, GB18030) or .docx file. Raises NoticeError."""
    if not content:
        raise NoticeError("文件是空的。")
    if len(content) > LARGEST_FILE:
        raise NoticeError(f"文件超过 {LARGEST_FILE // 1024 // 1024} MB。")
    text = _docx(content) if filename.lower().endswith(".docx") else _txt(content)
    if not text.strip():
        raise NoticeError("文件中没有文字。")
    return text


def _txt(content: bytes) -> str:
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), None)
    for candidate in [encoding] if encoding else ["utf-8", "gb18030"]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if not BINARY.search(text):
            return text
    raise NoticeError("文件不是文本：只接受 UTF-8、UTF-16 或 GB18030 编码的 .txt，或 .docx。")


def _docx(content: bytes) -> str:
    try:
        _check(content)
        return "\n".join(_paragraphs(docx.Document(io.BytesIO(content))))
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError) as error:
        raise NoticeError("文件不是有效的 .docx 文档。") from error


def _check(content: bytes) -> None:
    """Raises NoticeError for what would take long to read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise NoticeError("文件解压后过大。")
        if any(package.read(part).count(b"<") > MOST_TAGS for part in parts):
            raise NoticeError("文件过于复杂，请另存为纯文本（.txt）后上传。")


def _paragraphs(container: Document | _Cell) -> Iterator[str]:
    """The text in its order, tables cell by cell."""
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                cells = {cell._tc: cell for cell in row.cells}  # merged cells come once
                for cell in cells.values():
                    yield from _paragraphs(cell)
        else:
            yield block.text
