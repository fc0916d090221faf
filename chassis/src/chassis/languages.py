"""The reader's language: what people are told is written in Chinese, and given in English to who asks for that.

Rules say it in Chinese alone. ``english.toml`` of each package has the English text of each, by the Chinese one, with a
named placeholder for each value in it; a value that the catalogue knows too (``主要做法``) is put into English as well.
"""

import re
import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Annotated

from pydantic import PlainSerializer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

CHINESE, ENGLISH = "zh-CN", "en"
_RANGE = re.compile(r"(zh|en)(?:-[a-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。]+。")


def wanted(accept: str) -> str:
    """The language of an ``Accept-Language``: English when it is liked better than Chinese."""
    liked = {"zh": 0.0, "en": 0.0}
    for each in accept.split(","):
        if found := _RANGE.fullmatch(each.strip()):
            liked[found[1].lower()] = max(liked[found[1].lower()], float(found[2] or 1))
    return ENGLISH if liked["en"] > liked["zh"] else CHINESE


class Catalogue:
    """English texts by Chinese ones."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._plain = {chinese: english for chinese, english in texts.items() if "{" not in chinese}
        patterned = sorted(texts.keys() - self._plain.keys(), key=lambda chinese: (-len(shape(chinese)), chinese))
        self._patterns = [(_pattern(chinese), texts[chinese]) for chinese in patterned]

    def english(self, text: str) -> str:
        """The text in English, sentence by sentence when it is known that way; as it is when it is not known."""
        sentences = [self._whole(sentence) or "" for sentence in _SENTENCE.findall(text)]
        if text not in self._plain and len(sentences) > 1 and all(sentences):
            return " ".join(sentences)
        return self._whole(text) or text

    def _whole(self, text: str) -> str | None:
        if text in self._plain:
            return self._plain[text]
        for chinese, english in self._patterns:
            if found := chinese.fullmatch(text):
                return english.format_map({name: self._value(value) for name, value in found.groupdict().items()})
        return None

    def _value(self, value: str) -> str:
        return ", ".join(self._whole(each) or each for each in value.split("、"))


def shape(text: str) -> str:
    """A text without the names of its placeholders."""
    return "".join(literal + ("{}" if name is not None else "") for literal, name, _, _ in Formatter().parse(text))


def _pattern(text: str) -> re.Pattern[str]:
    parts = ((re.escape(literal), name) for literal, name, _, _ in Formatter().parse(text))
    return re.compile("".join(literal + (f"(?P<{name}>.+)" if name else "") for literal, name in parts), re.DOTALL)


@dataclass
class _Reader:
    language: str = CHINESE
    told: bool = False


_reader: ContextVar[_Reader | None] = ContextVar("reader", default=None)
_texts: dict[str, str] = {}


def load(package: str) -> None:
    """Takes the texts of a package's ``english.toml``."""
    _texts.update(texts(package))
    _known.cache_clear()
    _english.cache_clear()


def texts(package: str) -> dict[str, str]:
    return tomllib.loads(files(package).joinpath("english.toml").read_text("utf-8"))


@lru_cache(1)
def _known() -> Catalogue:
    return Catalogue(_texts)


@lru_cache(4096)
def _english(text: str) -> str:
    return _known().english(text)


def tell(text: str) -> str:
    """What people are told, in the reader's language."""
    reader = _reader.get()
    if reader is None:
        return text
    reader.told = True
    return _english(text) if reader.language == ENGLISH else text


def either(chinese: str, english: str) -> str:
    """Of two texts the one in the reader's language."""
    reader = _reader.get()
    return english if reader is not None and reader.language == ENGLISH else chinese


def headers() -> dict[str, str]:
    """Those of an answer in which the reader was told something."""
    reader = _reader.get()
    if reader is None or not reader.told:
        return {}
    return {"Content-Language": reader.language, "Vary": "Accept-Language"}


Told = Annotated[str, PlainSerializer(tell)]
"""A field of an answer that tells people something."""


class Language:
    """ASGI middleware: the language that the request asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _reader.set(_Reader(wanted(Headers(scope=scope).get("accept-language", ""))))
        await self.app(scope, receive, send)
