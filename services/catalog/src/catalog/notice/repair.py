"""Undoing the damage that texts carry when they come out of PDF, without losing the places where things stood.

Radicals become the characters that they stand for; line breaks, page numbers and spaces inside sentences go.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# The unified ideographs that Unicode (EquivalentUnifiedIdeograph) gives for U+2E80 to U+2EF3; NFKC knows only two.
SUPPLEMENT = (
    "⺀厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爫丬牛"
    "犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑"
    "钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
COMPATIBLE = (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))
CHARACTERS = (
    dict(zip(range(0x2E80, 0x2EF4), SUPPLEMENT, strict=True))
    | {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0x2F00, 0x2FD6), *COMPATIBLE)}
    | {0x2F1C: "口"}  # such texts write U+2F1C for 口, though Unicode has it for 又
)
BREAKS = "\\n\\r\\f\\v\\x1c-\\x1e\\x85\\u2028\\u2029"
INVISIBLE = "\\x00-\\x1f\\x7f-\\x9f\\xad\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\ufeff"
LINE = re.compile(rf"[^{BREAKS}]+")
RUN = re.compile(rf"[^\s{INVISIBLE}]+")
MARKED_PAGE = re.compile(
    r"[-—–―－·~]+\s*\d{1,4}\s*[-—–―－·~]+|第\s*\d{1,4}\s*页(?:[，,/\s]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
)
BARE_PAGE = re.compile(r"\d{1,4}")
# what follows a number in a sentence, or a task's number
CONTINUES = re.compile(r"\s*[年月日号个项条家强亿万千百倍平公里米吨元天周次小分%％．.、，。；：）)—-]")


@dataclass(frozen=True)
class Repaired:
    """``positions`` has the place of each character in the original, ``starts`` where lines of the original start."""

    text: str
    positions: Sequence[int]
    starts: frozenset[int]
    guessed_pages: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of a stretch that is not empty."""
        return self.positions[start], self.positions[end - 1] + 1

    def apart(self, at: int) -> bool:
        """Whether something that was dropped stood before the character at ``at``."""
        return 0 < at < len(self.text) and self.positions[at] - self.positions[at - 1] > 1


def repair(original: str) -> Repaired:
    """The text as it was meant, each character with its place in ``original``."""
    translated = original.translate(CHARACTERS)
    pages, guessed = _page_numbers(translated)
    text: list[str] = []
    positions = array("L")
    starts: set[int] = set()
    for line in LINE.finditer(translated):
        if line.start() in pages:
            continue
        at_start = True
        for run in RUN.finditer(translated, line.start(), line.end()):
            if positions and _separates(translated, positions[-1], run.start()):
                text.append(" ")
                positions.append(run.start() - 1)
            if at_start:
                starts.add(len(positions))
                at_start = False
            text.append(run.group())
            positions.extend(range(run.start(), run.end()))
    return Repaired("".join(text), positions, frozenset(starts), guessed)


def _separates(text: str, before: int, after: int) -> bool:
    """Whether the gap parts two Latin words, or a word from the number after it.

    Numbers are joined, and so are capitals across a line break, which cut a name (RC|EP).
    """
    left, right, gap = text[before], text[after], text[before + 1 : after]
    if not (_latin(left) and (_latin(right) or right.isdecimal()) and any(map(str.isspace, gap))):
        return False
    return not (re.search(f"[{BREAKS}]", gap) and left.isupper() and not right.islower())


def _latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"


def _page_numbers(text: str) -> tuple[frozenset[int], tuple[tuple[int, int], ...]]:
    """Where lines start that hold nothing but a page number, and which of these are a guess.

    A bare number is one when the next line does not go on as after a number; several that grow are no guess.
    """
    marked: list[int] = []
    bare: list[tuple[int, int, int]] = []
    for line in LINE.finditer(text):
        written = line.group().strip() if line.end() - line.start() < 40 else ""
        if MARKED_PAGE.fullmatch(written):
            marked.append(line.start())
        elif BARE_PAGE.fullmatch(written) and not CONTINUES.match(text, line.end()):
            bare.append((int(written), line.start(), line.end()))
    numbers = [number for number, _, _ in bare]
    certain = len(numbers) > 1 and all(a < b for a, b in pairwise(numbers))
    guessed = () if certain else tuple((start, end) for _, start, end in bare)
    return frozenset(marked) | {start for _, start, _ in bare}, guessed
