"""Dead letters (死信): what consumers gave up, for the operator to retry or to discard with a reason."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from chassis import audit, pages
from chassis.auth import Role, allow
from chassis.problems import DomainError, NotFound
from chassis.routing import IfMatch, Router, answer, check
from chassis.schemas import Input, Instant, Line, Output
from chassis.tenancy import Db, Session

State = Literal["waiting", "retried", "discarded"]
_SHOWN = """
    SELECT id, consumer, topic, key, headers ->> 'ce_type' AS type, headers ->> 'ce_tenant' AS tenant, reason,
           buried_at, state, ended_at, ended_by, note, replayable, version,
           nullif(split_part(coalesce(headers ->> 'ce_traceparent', ''), '-', 2), '') AS trace,
           CASE WHEN state <> 'waiting' THEN CAST('[]' AS json)
                WHEN replayable THEN CAST('["retry", "discard"]' AS json)
                ELSE CAST('["discard"]' AS json) END AS actions
"""


class NotWaiting(DomainError):
    slug = "wrong-state"

    def __init__(self) -> None:
        super().__init__("该死信已经处理过。")


class NotReplayable(DomainError):
    slug = "not-an-event"

    def __init__(self) -> None:
        super().__init__("该消息不是有效的事件，重试没有意义，只能作废。")


class LetterOut(Output):
    """``replayable``: it is an event. ``trace`` is that of the change that it tells of."""

    id: UUID
    consumer: str
    topic: str
    key: str
    type: str | None
    tenant: str | None
    reason: str
    buried_at: datetime
    state: State
    ended_at: datetime | None
    ended_by: str | None
    note: str | None
    replayable: bool
    version: int
    trace: str | None
    actions: list[Literal["retry", "discard"]]


class WholeLetter(LetterOut):
    headers: dict[str, str]
    value: Annotated[str, Field(description="The message as it came")]


class LetterPage(Output):
    items: list[LetterOut]
    next: str | None


class Discarding(Input):
    reason: Line


class Retrying(Input):
    """Those that were given up until then, so that none is retried unseen."""

    until: Instant


class Retried(Output):
    retried: int


async def keep(db: Session, consumer: str, reason: str, letter: Mapping[str, Any]) -> None:
    """Notes what was given up; what has an ``offset`` was no event."""
    await db.run(
        """
        INSERT INTO dead_letter (consumer, topic, key, headers, value, reason, replayable)
        VALUES (:consumer, :topic, :key, CAST(:headers AS jsonb), :value, :reason, :replayable)
        """,
        consumer=consumer,
        topic=letter["topic"],
        key=letter["key"],
        headers=json.dumps(letter["headers"]),
        value=letter["value"].replace("\x00", r"\x00"),
        reason=reason.replace("\x00", r"\x00"),
        replayable="offset" not in letter,
    )


async def _waiting(db: Session, letter_id: UUID, if_match: int) -> dict[str, Any]:
    row = await db.row(
        """
        SELECT id, consumer, topic, key, reason, state, replayable, version FROM dead_letter
        WHERE id = :id FOR UPDATE
        """,
        id=letter_id,
    )
    if row is None:
        raise NotFound
    check(row["version"], if_match)
    if row["state"] != "waiting":
        raise NotWaiting
    return dict(row)


async def park(db: Session, ids: list[UUID]) -> None:
    """The consumer tries them again at once, in the order in which they were given up."""
    await db.run(
        """
        INSERT INTO parked (consumer, topic, key, headers, value)
        SELECT consumer, topic, key, headers, value FROM dead_letter WHERE id = ANY(:ids) ORDER BY id
        """,
        ids=ids,
    )


async def _end(db: Session, before: Mapping[str, Any], state: State, note: str | None = None) -> None:
    await db.run(
        """
        UPDATE dead_letter SET state = :state, note = :note, ended_at = clock_timestamp(), ended_by = :by,
               version = version + 1
        WHERE id = :id
        """,
        id=before["id"],
        state=state,
        note=note,
        by=db.caller.name if db.caller else "system",
    )
    after = {**before, "state": state}
    await audit.record(db, f"dead_letter.{state}", "dead_letter", before["id"], dict(before), after, reason=note)


async def _shown(db: Session, letter_id: UUID) -> Response:
    body = await db.json_one(_SHOWN + ", headers, value FROM dead_letter WHERE id = :id", id=letter_id)
    if body is None:
        raise NotFound
    letter = WholeLetter.model_validate_json(body)
    return answer(letter, version=letter.version)


def router() -> APIRouter:
    """``/dead-letters`` of a service that consumes events."""
    feature = Router(tags=["dead letters"], dependencies=[allow(Role.OPERATOR)])

    @feature.get("/dead-letters", response_model=LetterPage)
    async def letters(
        db: Db, state: State = "waiting", limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None
    ) -> Response:
        """What consumers of this service gave up, newest first."""
        before = pages.decode(cursor, UUID) or (None,)
        found = await pages.page(
            db,
            _SHOWN
            + """
            FROM dead_letter WHERE state = :state AND (CAST(:before AS uuid) IS NULL OR id < CAST(:before AS uuid))
            ORDER BY id DESC LIMIT :limit
            """,
            limit=limit,
            cursor_columns=("id",),
            state=state,
            before=before[0],
        )
        return answer(found)

    @feature.get("/dead-letters/{letter_id}", response_model=WholeLetter)
    async def letter(db: Db, letter_id: UUID) -> Response:
        """One dead letter with its payload."""
        return await _shown(db, letter_id)

    @feature.post("/dead-letters/{letter_id}/retry", response_model=WholeLetter)
    async def retry(db: Db, letter_id: UUID, if_match: IfMatch) -> Response:
        """Hands it to its consumer again; when that fails as often as before, it comes back as a new dead letter."""
        before = await _waiting(db, letter_id, if_match)
        if not before["replayable"]:
            raise NotReplayable
        await park(db, [letter_id])
        await _end(db, before, "retried")
        return await _shown(db, letter_id)

    @feature.post("/dead-letters/{letter_id}/discarding", response_model=WholeLetter)
    async def discard(db: Db, letter_id: UUID, given: Discarding, if_match: IfMatch) -> Response:
        """Discards it (作废) for a reason; it stays readable."""
        before = await _waiting(db, letter_id, if_match)
        await _end(db, before, "discarded", given.reason)
        return await _shown(db, letter_id)

    @feature.post("/dead-letter-retries", response_model=Retried)
    async def retry_all(db: Db, given: Retrying) -> Response:
        """Hands all that wait, and are events, to their consumers again."""
        rows = await db.rows(
            """
            SELECT id, consumer, topic, key, reason, state, replayable, version FROM dead_letter
            WHERE state = 'waiting' AND replayable AND buried_at <= :until ORDER BY id FOR UPDATE
            """,
            until=given.until,
        )
        await park(db, [row["id"] for row in rows])
        for row in rows:
            await _end(db, dict(row), "retried")
        return answer(Retried(retried=len(rows)))

    return feature
