"""What is meant by what somebody types. Pure."""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

MOST_WORDS = 6
SHORTEST_SPELT = 2
BEFORE, AFTER = 12, 48


class Kind(StrEnum):
    """What can be found, in the order in which it is shown."""

    LINE = "line"
    ORDER = "order"
    PROBLEM = "problem"
    REPORT = "report"
    CASE = "case"
    TASK = "task"
    UNIT = "unit"


def words(q: str) -> list[str]:
    """What has to be found, all of it; full-width letters are as others, capitals as small ones."""
    return unicodedata.normalize("NFKC", q).lower().split()[:MOST_WORDS]


def fits(sought: Iterable[str], *names: str, text: str = "") -> bool:
    """Whether each word stands in a name or the text, or is the beginning letters of the pinyin of a part of a name."""
    return not left(sought, *names, text=text)


def left(sought: Iterable[str], *names: str, text: str = "") -> list[str]:
    """Those words that fit neither a name nor the text."""
    small = text.lower()
    return [
        word
        for word in sought
        if word not in small and not any(word in name.lower() or _spelt(word, name) for name in names)
    ]


def is_spelt(word: str) -> bool:
    """Whether it may be beginning letters of pinyin."""
    return len(word) >= SHORTEST_SPELT and word.isascii() and word.isalpha()


def _spelt(word: str, text: str) -> bool:
    return is_spelt(word) and bool(_pattern(word).search(_letters(text)))


@lru_cache(maxsize=100)
def _pattern(word: str) -> re.Pattern[str]:
    """Each letter among those of one character after the other."""
    return re.compile("".join(f" [^ ]*{letter}[^ ]*" for letter in word))


@lru_cache(maxsize=20_000)
def _letters(text: str) -> str:
    """A space before each character, which stands as the letters that it may be typed by: 重 is c as well as z."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin  # noqa: PLC0415 - reads its dictionaries, without those of phrases

    of_each = (pinyin(each, style=Style.FIRST_LETTER, heteronym=True)[0] for each in text.lower())
    return "".join(f" {''.join(sorted(set(letters)))}" for letters in of_each)


def excerpt(text: str, sought: Sequence[str]) -> str:
    """The text around the first word that stands in it, or nothing."""
    small = text.lower()
    place = min((at for word in sought if (at := small.find(word)) >= 0), default=None)
    if place is None:
        return ""
    begin, end = max(place - BEFORE, 0), place + AFTER
    cut = " ".join(text[begin:end].split())
    return ("…" if begin else "") + cut + ("…" if end < len(text) else "")
