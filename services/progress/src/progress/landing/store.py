"""Every SQL statement about staged goals and the share that is done."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.tenancy import RowMapping, Session
from progress.setting import Setting

_TABLE = Setting("landing_goal", "landing_goal", ("plan", "jurisdiction"), ("start_on", "stages"))


@dataclass(frozen=True)
class Scope:
    """A plan and a jurisdiction by their codes; empty means all."""

    plan: str
    jurisdiction: str

    @property
    def wider(self) -> list["Scope"]:
        """This one, then those that it belongs to: a plan's goal comes before a jurisdiction's."""
        return [self, Scope(self.plan, ""), Scope("", self.jurisdiction), Scope("", "")]


async def goals(db: Session) -> dict[Scope, RowMapping]:
    return {Scope(row["plan"], row["jurisdiction"]): row for row in await _TABLE.all(db)}


async def put(db: Session, scope: Scope, given: dict[str, Any], if_match: int) -> RowMapping:
    return await _TABLE.put(db, vars(scope), given, if_match)


async def counted(db: Session, scope: Scope) -> tuple[Counter[date], Counter[date]]:
    """How many lines opened, and how many were confirmed as done, by day."""
    rows = await db.rows(
        """
        SELECT opened_on, confirmed_on, count(*) AS lines FROM line
        WHERE NOT withdrawn AND :plan IN ('', plan) AND :jurisdiction IN ('', jurisdiction)
        GROUP BY opened_on, confirmed_on
        """,
        plan=scope.plan,
        jurisdiction=scope.jurisdiction,
    )
    opened: Counter[date] = Counter()
    confirmed: Counter[date] = Counter()
    for row in rows:
        opened[row["opened_on"]] += row["lines"]
        if row["confirmed_on"]:
            confirmed[row["confirmed_on"]] += row["lines"]
    return opened, confirmed


async def exists(db: Session, scope: Scope) -> tuple[bool, bool]:
    """Whether there are such a plan and such a jurisdiction."""
    row = await db.row(
        """
        SELECT :plan = '' OR EXISTS (SELECT FROM plan WHERE code = :plan) AS plan,
               :jurisdiction IN ('', 'province') OR EXISTS (SELECT FROM zone WHERE code = :jurisdiction) AS jurisdiction
        """,
        plan=scope.plan,
        jurisdiction=scope.jurisdiction,
    )
    assert row is not None  # noqa: S101 - a query without FROM has one row
    return row["plan"], row["jurisdiction"]
