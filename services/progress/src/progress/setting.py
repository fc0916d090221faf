"""Settings of the province: rows by key that carry a version and who changed them, each change audited and told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis import audit
from chassis.routing import check
from chassis.tenancy import RowMapping, Session
from progress.lines.rules import PROVINCE
from progress.publishing import publish

UNTOUCHED = 1
"""The version of what was never changed."""
STAMP = "version, changed_by, changed_at"


@dataclass(frozen=True)
class Setting:
    """A table of settings. ``thing`` is its name in the audit trail; lists and objects are kept as JSON."""

    thing: str
    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def _selected(self) -> str:
        return f"SELECT {', '.join((*self.keys, *self.columns))}, {STAMP} FROM {self.table}"  # noqa: S608

    async def all(self, db: Session) -> list[RowMapping]:
        return list(await db.rows(f"{self._selected} ORDER BY {', '.join(self.keys)}"))

    async def get(self, db: Session, **key: object) -> RowMapping | None:
        return await db.row(f"{self._selected} WHERE {' AND '.join(f'{name} = :{name}' for name in key)}", **key)

    async def put(self, db: Session, key: Mapping[str, Any], values: Mapping[str, Any], if_match: int) -> RowMapping:
        """Saves over the version that the caller read; 412 when there is another by now."""
        before = await self.get(db, **key)
        check(before["version"] if before else UNTOUCHED, if_match)
        given = {name: _stored(value) for name, value in {**key, **values}.items()}
        name = db.caller.name if db.caller else "system"
        saved = await db.run(self._upsert(values), **given, _name=name, _known=if_match)
        after = await self.get(db, **key)
        assert after is not None  # noqa: S101 - there is a row by now, ours or another's
        if not saved:
            check(after["version"], if_match)
        thing_id = "/".join(str(key[name]) for name in self.keys)
        await audit.record(
            db, f"{self.thing}.changed", self.thing, thing_id, dict(before) if before else None, dict(after)
        )
        await self._tell(db, f"{self.thing}/{thing_id}", after)
        return after

    async def _tell(self, db: Session, setting_id: str, after: RowMapping) -> None:
        stamp = {name: after[name] for name in STAMP.split(", ")}
        told = {
            "id": setting_id,
            "setting": self.thing,
            "key": {name: after[name] for name in self.keys},
            "values": {name: after[name] for name in self.columns},
            **stamp,
        }
        await publish(db, "setting.changed", told, {"setting": told}, PROVINCE)

    def _upsert(self, values: Mapping[str, Any]) -> str:
        names = (*self.keys, *self.columns)
        binds = [f"CAST(:{name} AS jsonb)" if _is_json(values.get(name)) else f":{name}" for name in names]
        sets = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        return f"""
            INSERT INTO {self.table} ({", ".join(names)}, version, changed_by)
            VALUES ({", ".join(binds)}, {UNTOUCHED + 1}, :_name)
            ON CONFLICT ({", ".join(self.keys)}) DO UPDATE SET {sets}, version = {self.table}.version + 1,
                changed_by = excluded.changed_by, changed_at = clock_timestamp()
            WHERE {self.table}.version = :_known
        """  # noqa: S608


def _is_json(value: object) -> bool:
    return isinstance(value, list | dict)


def _stored(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if _is_json(value) else value
