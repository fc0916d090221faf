"""Every SQL statement about what people chose."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chassis.tenancy import RowMapping, Session
from notify.preferences.rules import DEFAULT, Choice, Language, Preference, Quiet, Rhythm

UNTOUCHED = 1
"""The version of what was never changed."""
COLUMNS = "sub, choices, quiet_begins, quiet_ends, working_days_only, rhythm, weekday, language, version, changed_at"


@dataclass(frozen=True)
class Kept:
    """What a person chose, as it stands."""

    preference: Preference = DEFAULT
    version: int = UNTOUCHED
    changed_at: datetime | None = None


async def get(db: Session, sub: str) -> Kept:
    row = await db.row(f"SELECT {COLUMNS} FROM preference WHERE sub = :sub", sub=sub)  # noqa: S608
    return Kept(_preference(row), row["version"], row["changed_at"]) if row else Kept()


async def of(db: Session, subs: Collection[str]) -> dict[str, Preference]:
    """By person, of those who chose something."""
    rows = await db.rows(f"SELECT {COLUMNS} FROM preference WHERE sub = ANY(:subs)", subs=list(subs))  # noqa: S608
    return {row["sub"]: _preference(row) for row in rows}


async def put(db: Session, sub: str, preference: Preference, known: int) -> bool:
    """Saves over the version ``known``; whether that was still the present one."""
    quiet = preference.quiet
    return bool(
        await db.run(
            f"""
            INSERT INTO preference AS p ({COLUMNS})
            VALUES (:sub, CAST(:choices AS jsonb), :quiet_begins, :quiet_ends, :working_days_only, :rhythm, :weekday,
                    :language, {UNTOUCHED + 1}, clock_timestamp())
            ON CONFLICT (sub) DO UPDATE
            SET choices = excluded.choices, quiet_begins = excluded.quiet_begins, quiet_ends = excluded.quiet_ends,
                working_days_only = excluded.working_days_only, rhythm = excluded.rhythm, weekday = excluded.weekday,
                language = excluded.language, version = p.version + 1, changed_at = excluded.changed_at
            WHERE p.version = :known
            """,  # noqa: S608
            sub=sub,
            choices=json.dumps(preference.choices),
            quiet_begins=quiet.begins if quiet else None,
            quiet_ends=quiet.ends if quiet else None,
            working_days_only=preference.working_days_only,
            rhythm=preference.rhythm,
            weekday=preference.weekday,
            language=preference.language,
            known=known,
        )
    )


def _preference(row: RowMapping) -> Preference:
    return Preference(
        choices={code: Choice(choice) for code, choice in row["choices"].items()},
        quiet=None if row["quiet_begins"] is None else Quiet(row["quiet_begins"], row["quiet_ends"]),
        working_days_only=row["working_days_only"],
        rhythm=Rhythm(row["rhythm"]),
        weekday=row["weekday"],
        language=Language(row["language"]),
    )
