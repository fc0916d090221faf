"""Whether content is what its name says, by the content itself."""

import codecs
import zipfile
from typing import IO

import puremagic

from progress.attachments.rules import Format, NotUsable

CHUNK = 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
_MACROS = "vbaproject.bin"
_TEXT_CONTROLS = frozenset("\t\n\r\f")


def checked(content: IO[bytes], wanted: Format) -> str:
    """The media type of the content. Raises NotUsable when it is not of the format."""
    if not wanted.signature:
        return f"{wanted.type}; charset={_encoding(content)}"
    if wanted.signature not in _best(content) or (wanted.part and not _is_package(content, wanted.part)):
        raise NotUsable("文件内容与扩展名不符。")
    return wanted.type


def _best(content: IO[bytes]) -> set[str]:
    """The extensions of the formats that the beginning fits best."""
    content.seek(0)
    try:
        found = [each for each in puremagic.magic_stream(content) if each.offset >= 0]
    except puremagic.PureError:
        return set()
    most = max((each.confidence for each in found), default=0)
    return {each.extension for each in found if each.confidence == most}


def _is_package(content: IO[bytes], part: str) -> bool:
    """Whether it is a package of Office with that part in it, and without macros."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    if any(name.lower().endswith(_MACROS) for name in names):
        raise NotUsable("不能上传含有宏的文件。")
    return {"[Content_Types].xml", part} <= names


def _encoding(content: IO[bytes]) -> str:
    for encoding in ENCODINGS:
        content.seek(0)
        if _is_text(content, encoding):
            return encoding.removesuffix("-sig")
    raise NotUsable("文件内容不是文本。")


def _is_text(content: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while True:
            chunk = content.read(CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if any(ch < " " and ch not in _TEXT_CONTROLS for ch in text):
                return False
            if not chunk:
                return True
    except UnicodeDecodeError:
        return False
