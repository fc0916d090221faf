"""Which bracket closes which, in one pass, whatever the text."""

import re
from collections.abc import Callable, Mapping

ROUND_OPEN, ROUND_CLOSE = "（(", "）)"
SQUARE_OPEN, SQUARE_CLOSE = "〔【［[", "〕】］]"
BRACKET = re.compile(r"[（(）)〔【［\[〕】］\]]")


def closing(text: str, resets: Callable[[int], bool]) -> Mapping[int, int]:
    """The place of the closing bracket by that of the opening one; full and half width close each other.

    What is still open where ``resets`` says so stays unclosed.
    """
    pairs: dict[int, int] = {}
    open_places: list[tuple[int, bool]] = []
    counts = [0, 0]
    for found in BRACKET.finditer(text):
        at, character = found.start(), found.group()
        square = character in SQUARE_OPEN + SQUARE_CLOSE
        if character in ROUND_OPEN + SQUARE_OPEN:
            if resets(at):
                open_places.clear()
                counts = [0, 0]
            open_places.append((at, square))
            counts[square] += 1
        elif counts[square]:
            pairs[_pop(open_places, counts, square=square)] = at
    return pairs


def _pop(open_places: list[tuple[int, bool]], counts: list[int], *, square: bool) -> int:
    while True:
        at, kind = open_places.pop()
        counts[kind] -= 1
        if kind == square:
            return at
