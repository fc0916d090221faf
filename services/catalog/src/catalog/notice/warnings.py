"""Collecting what a person should look at."""

from catalog.notice.model import Warn, WarningCode
from catalog.notice.repair import Repaired


class Warnings:
    """Warnings about stretches of a repaired text, told by their places in the original."""

    def __init__(self, source: Repaired) -> None:
        self._source = source
        self._found: dict[Warn, None] = {}

    def add(self, code: WarningCode, message: str, start: int, end: int) -> None:
        """Warns of a stretch of the repaired text."""
        end = min(max(end, start + 1), len(self._source.text))
        self.add_original(code, message, *self._source.place(min(start, end - 1), end))

    def add_original(self, code: WarningCode, message: str, start: int, end: int) -> None:
        """Warns of a stretch of the original text."""
        self._found[Warn(code, message, start, end)] = None

    def in_order(self) -> tuple[Warn, ...]:
        return tuple(sorted(self._found, key=lambda warning: (warning.start, warning.code)))
