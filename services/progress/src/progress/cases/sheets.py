"""Every SQL statement about the scoring sheet (评分表), rounds of evaluation and scores."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.tenancy import RowMapping, Session
from progress.cases.rules import Criterion


async def scheme(db: Session) -> RowMapping:
    row = await db.row("SELECT criteria, version FROM case_scheme")
    assert row is not None  # noqa: S101 - the migration made it
    return row


async def hold_scheme(db: Session) -> RowMapping:
    row = await db.row("SELECT criteria, version FROM case_scheme FOR UPDATE")
    assert row is not None  # noqa: S101 - the migration made it
    return row


async def set_scheme(db: Session, criteria: Sequence[Mapping[str, Any]]) -> None:
    await db.run(
        "UPDATE case_scheme SET criteria = CAST(:criteria AS jsonb), version = version + 1",
        criteria=json.dumps(list(criteria), ensure_ascii=False),
    )


async def units(db: Session, codes: Sequence[str], zone: str) -> list[RowMapping]:
    """Units by code, name and whether the unit is the zone's own city."""
    rows = await db.rows(
        """
        SELECT u.code, u.name, u.code IS NOT DISTINCT FROM (SELECT city FROM zone WHERE code = :zone) AS own
        FROM unit u WHERE u.code = ANY(:codes) ORDER BY u.code
        """,
        codes=list(codes),
        zone=zone,
    )
    return list(rows)


async def open_round(db: Session, case_id: UUID, number: int, due: date | None, today: date, name: str) -> None:
    """Begins a round by the criteria of the present scheme."""
    await db.run(
        """
        INSERT INTO case_round (case_id, number, criteria, due, opened_by, opened_on)
        SELECT :case_id, :number, criteria, :due, :name, :today FROM case_scheme
        """,
        case_id=case_id,
        number=number,
        due=due,
        today=today,
        name=name,
    )


async def invite(db: Session, case_id: UUID, round_: int, evaluator: str, name: str) -> None:
    await db.run(
        "INSERT INTO case_score (case_id, round, evaluator, name) VALUES (:case_id, :round, :evaluator, :name)",
        case_id=case_id,
        round=round_,
        evaluator=evaluator,
        name=name,
    )


async def criteria(db: Session, case_id: UUID, round_: int) -> list[Criterion]:
    found = await db.value(
        "SELECT criteria FROM case_round WHERE case_id = :case_id AND number = :round", case_id=case_id, round=round_
    )
    return [Criterion(**each) for each in found]


async def score(
    db: Session, case_id: UUID, round_: int, evaluator: str, sheet: Mapping[str, Any], total: Decimal, name: str
) -> bool:
    """Fills in the sheet of an invited unit; False when it is none, or filled in."""
    filled = await db.run(
        """
        UPDATE case_score SET points = CAST(:points AS jsonb), total = :total, opinion = :opinion, scored_by = :name,
               scored_at = clock_timestamp()
        WHERE case_id = :case_id AND round = :round AND evaluator = :evaluator AND scored_at IS NULL
        """,
        **_sheet(case_id, round_, evaluator, sheet, total, name),
    )
    return bool(filled)


async def record(
    db: Session, case_id: UUID, round_: int, expert: str, sheet: Mapping[str, Any], total: Decimal, name: str
) -> bool:
    """Adds the sheet of an expert, already filled in; False when there is one."""
    added = await db.run(
        """
        INSERT INTO case_score (case_id, round, evaluator, name, points, total, opinion, scored_by, scored_at)
        VALUES (:case_id, :round, :evaluator, :expert, CAST(:points AS jsonb), :total, :opinion, :name,
                clock_timestamp())
        ON CONFLICT DO NOTHING
        """,
        expert=expert,
        **_sheet(case_id, round_, f"expert:{expert}", sheet, total, name),
    )
    return bool(added)


def _sheet(
    case_id: UUID, round_: int, evaluator: str, sheet: Mapping[str, Any], total: Decimal, name: str
) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "round": round_,
        "evaluator": evaluator,
        "points": json.dumps(sheet["points"], ensure_ascii=False),
        "total": total,
        "opinion": sheet["opinion"],
        "name": name,
    }


async def hold_totals(db: Session, case_id: UUID, round_: int) -> list[Decimal]:
    """The totals of a round, after those that are being given."""
    rows = await db.rows(
        """
        SELECT total FROM case_score WHERE case_id = :case_id AND round = :round ORDER BY evaluator FOR UPDATE
        """,
        case_id=case_id,
        round=round_,
    )
    return [row["total"] for row in rows if row["total"] is not None]


async def conclude(db: Session, case_id: UUID, round_: int, score: Decimal, today: date) -> None:
    await db.run(
        "UPDATE case_round SET score = :score, concluded_on = :today WHERE case_id = :case_id AND number = :round",
        case_id=case_id,
        round=round_,
        score=score,
        today=today,
    )


async def withdraw(db: Session, case_id: UUID, today: date) -> None:
    """Ends the round that is under way, if any, without a score."""
    await db.run(
        """
        UPDATE case_round SET withdrawn_on = :today WHERE case_id = :case_id AND score IS NULL AND withdrawn_on IS NULL
        """,
        case_id=case_id,
        today=today,
    )


async def evaluators(db: Session, case_id: UUID) -> list[dict[str, str]]:
    """The units that have scored the case, or were asked to, by code and name."""
    rows = await db.rows(
        """
        SELECT u.code, u.name FROM innovation_case c JOIN unit u ON u.code = ANY(c.evaluators) WHERE c.id = :case_id
        ORDER BY u.code
        """,
        case_id=case_id,
    )
    return [dict(row) for row in rows]


async def rounds(db: Session, case_id: UUID) -> bytes:
    """The rounds that the caller may see, the last one first, with the scores that it may see."""
    return await db.json(
        """
        SELECT r.number, r.criteria, r.due, r.opened_by, r.opened_on, r.concluded_on, r.withdrawn_on,
               r.score,
               coalesce((SELECT json_agg(json_build_object('evaluator', s.evaluator, 'name', s.name, 'points', s.points,
                             'total', s.total, 'opinion', s.opinion, 'scored_by', s.scored_by, 'scored_at', s.scored_at)
                             ORDER BY s.evaluator)
                         FROM case_score s WHERE s.case_id = r.case_id AND s.round = r.number), '[]') AS scores
        FROM case_round r WHERE r.case_id = :case_id ORDER BY r.number DESC
        """,
        case_id=case_id,
    )
