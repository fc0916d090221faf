"""Every SQL statement about thresholds."""

from typing import Any

from chassis.tenancy import RowMapping, Session
from progress.setting import Setting

_KEY = {"name": "lights"}
_TABLE = Setting("thresholds", "thresholds", ("name",), ("near_days", "behind_percent", "stalled_days"))


async def get(db: Session) -> RowMapping:
    found = await _TABLE.get(db, **_KEY)
    assert found is not None  # noqa: S101 - the migration made it
    return found


async def put(db: Session, given: dict[str, Any], if_match: int) -> RowMapping:
    return await _TABLE.put(db, _KEY, given, if_match)


async def judge_anew(db: Session) -> None:
    """Leaves every line whose light may change to the chore that judges those of earlier days."""
    await db.run(
        """
        UPDATE line SET light_on = light_on - 1 WHERE id IN (
            SELECT id FROM line WHERE due IS NOT NULL AND NOT withdrawn AND state <> 'confirmed' ORDER BY id FOR UPDATE)
        """
    )
