"""The tables of the chassis, of which each service has its own in its own database."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

Words = Annotated[str, Field(sa_type=Text)]
Number = Annotated[int, Field(sa_type=BigInteger)]
Moment = Annotated[datetime, Field(sa_type=DateTime(timezone=True))]
_NOW = {"server_default": text("now()")}


class Outbox(SQLModel, table=True):
    """Events of which the broker has not said yet that it has them."""

    id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    topic: Words
    type: Words
    source: Words
    subject: Words
    tenant: str | None = Field(sa_type=Text)
    sequence: Number
    time: Moment
    data: Words
    traceparent: str | None = Field(sa_type=Text)

    __table_args__ = (Index("outbox_position", "position"),)


class Inbox(SQLModel, table=True):
    """What a consumer has handled, so that a repeat does nothing."""

    id: UUID = Field(primary_key=True)
    consumer: str = Field(sa_type=Text, primary_key=True)
    handled_at: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs=_NOW)

    __table_args__ = (Index("inbox_handled_at", "handled_at"),)


class Parked(SQLModel, table=True):
    """Messages that wait for another try, and those that came after them under the same key."""

    position: int = Field(sa_type=BigInteger, sa_column_args=[Identity(always=True)], primary_key=True)
    consumer: Words
    topic: Words
    key: Words
    headers: dict[str, str] = Field(sa_type=JSONB)
    value: Words
    attempts: int = Field(sa_column_kwargs={"server_default": text("0")})
    next_try: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs=_NOW)
    error: str | None = Field(sa_type=Text)

    __table_args__ = (Index("parked_key", "consumer", "key", "position"),)


class Idempotency(SQLModel, table=True):
    """Answers to requests with an ``Idempotency-Key``; without a status as long as there is none."""

    sub: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    fingerprint: Words
    status: int | None
    headers: str | None = Field(sa_type=Text)
    body: bytes | None
    at: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs=_NOW)

    __table_args__ = (Index("idempotency_at", "at"),)


class AuditChain(SQLModel, table=True):
    """Where each chain of the audit trail ends."""

    __tablename__ = "audit_chain"

    chain: str = Field(sa_type=Text, primary_key=True)
    length: Number
    hash: Words


class Audit(SQLModel, table=True):
    """The audit trail: each entry has the hash of the one before it."""

    id: UUID = Field(primary_key=True)
    chain: Words
    number: Number
    at: Moment
    sub: Words
    name: Words
    address: Words
    action: Words
    thing: Words
    thing_id: Words
    tenant: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    before: dict[str, object] | None = Field(sa_type=JSONB)
    after: dict[str, object] | None = Field(sa_type=JSONB)
    trace: str | None = Field(sa_type=Text)
    previous: Words
    hash: Words

    __table_args__ = (UniqueConstraint("chain", "number"),)


class DeadLetter(SQLModel, table=True):
    """Messages that nobody could handle, until an operator has decided."""

    __tablename__ = "dead_letter"

    id: UUID = Field(primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})
    consumer: Words
    topic: Words
    key: Words
    headers: dict[str, str] = Field(sa_type=JSONB)
    value: Words
    reason: Words
    replayable: bool
    buried_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": text("clock_timestamp()")}
    )
    state: str = Field(sa_type=Text, sa_column_kwargs={"server_default": "waiting"})
    ended_at: datetime | None = Field(sa_type=DateTime(timezone=True))
    ended_by: str | None = Field(sa_type=Text)
    note: str | None = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("1")})

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'retried', 'discarded')"),
        Index("dead_letter_state", "state", "id"),
    )
