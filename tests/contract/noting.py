"""Values as an answer or an event brings them, which note each of their fields that somebody reads."""

from collections.abc import ItemsView, Mapping, ValuesView
from typing import Any

Notes = dict[str, set[str]]
"""The fields that were read of each object, by where it stands (``.`` is the whole)."""


class Noting(dict[str, Any]):
    """An object that notes what is read of it, also after it was merged with another one."""

    def __init__(self, known: Mapping[str, Any], notes: set[str], own: frozenset[str]) -> None:
        super().__init__(known)
        self._notes, self._own = notes, own

    def _note(self, *names: Any) -> None:
        self._notes.update(self._own.intersection(names))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        self._note(*self)
        return super().items()

    def values(self) -> ValuesView[Any]:  # type: ignore[override]
        self._note(*self)
        return super().values()

    def __or__(self, other: Mapping[str, Any]) -> "Noting":  # type: ignore[override]
        return Noting({**self, **other}, self._notes, self._own.difference(other))

    def __ror__(self, other: Mapping[str, Any]) -> "Noting":  # type: ignore[override]
        return Noting({**other, **self}, self._notes, self._own)


def noting(value: Any, notes: Notes, place: str = ".") -> Any:
    """The value, whose objects write what is read of them into the notes."""
    if isinstance(value, dict):
        inside = "" if place == "." else f"{place}."
        known = {name: noting(part, notes, f"{inside}{name}") for name, part in value.items()}
        return Noting(known, notes.setdefault(place, set()), frozenset(value))
    if isinstance(value, list):
        return [noting(part, notes, f"{place}[]") for part in value]
    return value
