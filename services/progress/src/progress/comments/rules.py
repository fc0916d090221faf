"""Who is mentioned in a comment. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MARKS = "@＠"
MOST = 20


@dataclass(frozen=True)
class Reader:
    """Who may be mentioned: an office that sees the line, or one of its people."""

    office: str
    office_name: str
    person: str | None = None

    @property
    def label(self) -> str:
        """What is written after the mark."""
        return f"{self.person}（{self.office_name}）" if self.person else self.office_name

    def mention(self) -> dict[str, Any]:
        return {"office": self.office, "office_name": self.office_name, "person": self.person}


def mentioned(text: str, readers: Sequence[Reader]) -> list[Reader]:
    """The readers whose label stands after a mark (``@省商务厅``, ``@张三（合肥片区）``), each once, in their order; of
    several labels that fit the longest. A name alone will do when only one has it. What is nobody's stays text.
    """
    labels = _labels(readers)
    found: dict[Reader, None] = {}
    for place, letter in enumerate(text):
        if letter in MARKS:
            said = next((label for label in labels if text.startswith(label, place + 1)), None)
            if said:
                found[labels[said]] = None
    return list(found)[:MOST]


def _labels(readers: Sequence[Reader]) -> dict[str, Reader]:
    """The longest first."""
    names = [reader.person for reader in readers]
    named = {reader.person: reader for reader in readers if reader.person and names.count(reader.person) == 1}
    known = named | {reader.label: reader for reader in readers}
    return dict(sorted(known.items(), key=lambda each: -len(each[0])))
