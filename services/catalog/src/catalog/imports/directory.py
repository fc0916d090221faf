"""Names of units as a notice writes them, to the units that they mean. Pure."""

from collections.abc import Sequence

from catalog.notice import unit_code, unit_kind
from catalog.units.rules import Unit, by_name

Place = tuple[int, int]


class Directory:
    """The catalog's units, then the well-known ones, then new ones that are made for names nobody has heard of."""

    def __init__(self, present: Sequence[Unit], listed: Sequence[Unit]) -> None:
        self._known = dict(by_name(present))
        self._listed = by_name(listed)
        self._codes = {unit.code for unit in present}
        self._new: list[Unit] = []
        self.unheard_of: dict[str, Place] = {}

    @property
    def new(self) -> tuple[Unit, ...]:
        """Units that the catalog does not hold yet."""
        return tuple(self._new)

    def code(self, name: str, place: Place) -> str:
        """The code of the unit that goes by this name; ``place`` is where it was read."""
        known = self._known.get(name)
        if known is None and (listed := self._listed.get(name)):
            known = self._known.get(listed.name) or self._add(listed)
        if known is None:
            self.unheard_of[name] = place
            known = self._add(Unit("", name, unit_kind(name)))
        return known.code

    def _add(self, unit: Unit) -> Unit:
        free = unit.code and unit.code not in self._codes
        code = unit.code if free else unit_code(unit.name, self._codes)
        added = Unit(code, unit.name, unit.kind, tuple(alias for alias in unit.aliases if alias not in self._known))
        self._codes.add(code)
        self._known |= dict.fromkeys((added.name, *added.aliases), added)
        self._new.append(added)
        return added
