"""Adding a unit: by the API, as a zone's city, or because a notice names it."""

from collections.abc import Sequence
from typing import Any

from catalog import notice
from catalog.units import events, rules, store
from chassis import audit
from chassis.tenancy import Session


async def create(
    db: Session, name: str, kind: rules.Kind, *, code: str | None = None, aliases: Sequence[str] = ()
) -> dict[str, Any]:
    """Adds and publishes a unit. Raises CodeTaken, NameTaken. The caller holds the catalog's lock."""
    wanted = rules.distinct(name, aliases)
    await names_free(db, [name, *wanted])
    taken = set(await store.ids(db))
    if code in taken:
        raise rules.CodeTaken(str(code))
    added = await store.add(db, rules.Unit(code or notice.unit_code(name, taken), name, kind, wanted))
    await audit.record(db, "unit.added", "unit", added["id"], None, added)
    await events.published(db, added)
    return added


async def names_free(db: Session, names: Sequence[str], *, but: str | None = None) -> None:
    """Raises NameTaken for names that belong to units other than the one with the code ``but``."""
    if taken := await store.taken_names(db, names, but=but):
        raise rules.NameTaken(taken)
