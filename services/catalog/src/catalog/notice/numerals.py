"""Numbers as notices write them: 24, ２４, 二十四, 二〇二四."""

import re
import unicodedata

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
CHINESE = "〇○零一二三四五六七八九十百两"
ANY = rf"(?:[0-9０-９]{{1,5}}|[{CHINESE}]{{1,5}})"


def number(written: str) -> int:
    """The value of what ``ANY`` matches."""
    plain = unicodedata.normalize("NFKC", written)
    if plain.isascii():
        return int(plain)
    if not re.search("[十百]", plain):
        return int("".join(str(DIGITS[digit]) for digit in plain))
    hundreds, _, rest = plain.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return 100 * _digit(hundreds, 0) + (10 * _digit(tens, 1) if ten else 0) + _digit(ones, 0)


def _digit(written: str, empty: int) -> int:
    return DIGITS[written[-1]] if written and written[-1] in DIGITS else empty
