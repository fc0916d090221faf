"""The audit trail: who changed what, when, from where, before and after; each entry's hash covers the one before it."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from chassis import clock, pages, telemetry
from chassis.auth import Role, allow
from chassis.events import uuid7
from chassis.routing import Router, answer
from chassis.schemas import Output
from chassis.tenancy import Db, Session

GENESIS = "0" * 64
_HASHED = (
    "chain number at sub name address action thing thing_id tenant reason before after trace previous".split()  # noqa: SIM905
)


async def record(
    db: Session,
    action: str,
    thing: str,
    thing_id: object,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    tenant: str | None = None,
    reason: str | None = None,
) -> None:
    """Notes a change; the entry is chained and written when the transaction commits."""
    caller = db.caller
    entry = {
        "at": clock.now(),
        "sub": caller.sub if caller else "system",
        "name": caller.name if caller else "system",
        "address": caller.address if caller else "",
        "action": action,
        "thing": thing,
        "thing_id": str(thing_id),
        "tenant": tenant,
        "reason": reason,
        "before": before,
        "after": after,
        "trace": telemetry.trace_id(),
    }
    db.before_commit(_write, entry)


def digest(entry: dict[str, Any]) -> str:
    """SHA-256 over the entry's fields and the hash before it, in a canonical form."""
    fields = [entry[name] for name in _HASHED]
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_canonical)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


async def _write(db: Session, entries: list[dict[str, Any]]) -> None:
    """Chains and writes the transaction's entries; a chain per tenant, so that tenants do not wait for each other."""
    by_chain: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        by_chain.setdefault(entry["tenant"] or "", []).append(entry)
    for chain in sorted(by_chain):
        await _append(db, chain, by_chain[chain])


async def _append(db: Session, chain: str, entries: list[dict[str, Any]]) -> None:
    length, previous = await _head(db, chain)
    for number, entry in enumerate(entries, length + 1):
        entry |= {
            "chain": chain,
            "number": number,
            "previous": previous,
            "before": _plain(entry["before"]),
            "after": _plain(entry["after"]),
        }
        previous = entry["hash"] = digest(entry)
    await _insert(db, entries)
    await db.run(
        "UPDATE audit_chain SET length = :number, hash = :hash WHERE chain = :chain",
        number=length + len(entries),
        hash=previous,
        chain=chain,
    )


async def _head(db: Session, chain: str) -> tuple[int, str]:
    """The chain's length and last hash, locked; a chain that is new begins."""
    locked = "SELECT length, hash FROM audit_chain WHERE chain = :chain FOR UPDATE"
    if (head := await db.row(locked, chain=chain)) is None:
        await db.run(
            "INSERT INTO audit_chain (chain, length, hash) VALUES (:chain, 0, :hash) ON CONFLICT DO NOTHING",
            chain=chain,
            hash=GENESIS,
        )
        head = await db.row(locked, chain=chain)
    assert head is not None  # noqa: S101 - inserted above
    return head["length"], head["hash"]


def _plain(value: dict[str, Any] | None) -> Any:
    return None if value is None else json.loads(json.dumps(value, ensure_ascii=False, default=_canonical))


async def _insert(db: Session, entries: list[dict[str, Any]]) -> None:
    await db.run_all(
        """
        INSERT INTO audit (id, chain, number, at, sub, name, address, action, thing, thing_id, tenant, reason, before,
                           after, trace, previous, hash)
        VALUES (:id, :chain, :number, :at, :sub, :name, :address, :action, :thing, :thing_id, :tenant, :reason,
                CAST(:before AS jsonb), CAST(:after AS jsonb), :trace, :previous, :hash)
        """,
        [
            entry
            | {
                "id": uuid7(),
                "before": json.dumps(entry["before"], ensure_ascii=False),
                "after": json.dumps(entry["after"], ensure_ascii=False),
            }
            for entry in entries
        ],
    )


@dataclass(frozen=True)
class Break:
    """A place where the trail was changed: what is found there does not follow from what stands before it."""

    chain: str
    number: int
    what: str


Head = tuple[int, str]
"""A chain's length and its last hash."""


async def heads(db: Session) -> dict[str, Head]:
    """By chain: kept elsewhere, they seal what is there now."""
    rows = await db.rows("SELECT chain, length, hash FROM audit_chain ORDER BY chain")
    return {row["chain"]: (row["length"], row["hash"]) for row in rows}


async def verify(db: Session, sealed: Mapping[str, Head] = MappingProxyType({})) -> AsyncIterator[Break]:
    """Walks every chain from its beginning; yields changed, missing, swapped, forged and cut-off entries, and what is
    not as it was when it was ``sealed``: only that tells of a trail that was written anew or set back as a whole.

    Takes a fresh session: all is read as of one moment, so that what is written meanwhile is no break.
    """
    db.as_of_one_moment()
    known = await heads(db)
    for chain in await db.rows("SELECT DISTINCT chain FROM audit ORDER BY chain"):
        if chain["chain"] not in known:
            yield Break(chain["chain"], 0, "chain without a head")
    for name in sorted({*known, *sealed}):
        async for found in _walk(db, name, known.get(name, (0, GENESIS)), sealed.get(name, (0, GENESIS))):
            yield found


async def _walk(db: Session, chain: str, head: Head, sealed: Head) -> AsyncIterator[Break]:
    number, previous = 0, GENESIS
    for row in await db.rows("SELECT * FROM audit WHERE chain = :chain ORDER BY number", chain=chain):
        if row["number"] != number + 1:
            yield Break(chain, number + 1, "missing entry")
        if row["previous"] != previous or digest(dict(row)) != row["hash"]:
            yield Break(chain, row["number"], "changed entry")
        number, previous = row["number"], row["hash"]
        if number == sealed[0] and previous != sealed[1]:
            yield Break(chain, number, "not the entry that was sealed")
    if (number, previous) != head:
        yield Break(chain, head[0], "end does not fit the chain's head")
    if number < sealed[0]:
        yield Break(chain, sealed[0], "the sealed entry is gone: this is an older state")


class AuditOut(Output):
    id: UUID
    at: datetime
    sub: str
    name: str
    address: str
    action: str
    thing: str
    thing_id: str
    tenant: str | None
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    trace: str | None


class AuditPage(Output):
    items: list[AuditOut]
    next: str | None


def router() -> APIRouter:
    """``GET /audit`` for the province and the auditor, newest first."""
    feature = Router(tags=["audit"])

    @feature.get("/audit", response_model=AuditPage, dependencies=[allow(Role.PROVINCE, Role.AUDITOR)])
    async def trail(
        db: Db, limit: pages.Limit = pages.DEFAULT_LIMIT, cursor: pages.Cursor = None, thing_id: str | None = None
    ) -> Response:
        """The audit trail (审计日志), newest first."""
        after = pages.decode(cursor, datetime.fromisoformat, UUID) or (None, None)
        found = await pages.page(
            db,
            """
            SELECT id, at, sub, name, address, action, thing, thing_id, tenant, reason, before, after, trace,
                   at AS _at
            FROM audit
            WHERE (CAST(:thing_id AS text) IS NULL OR thing_id = :thing_id)
              AND (CAST(:at AS timestamptz) IS NULL OR (at, id) < (CAST(:at AS timestamptz), CAST(:id AS uuid)))
            ORDER BY at DESC, id DESC LIMIT :limit
            """,
            limit=limit,
            cursor_columns=("_at", "id"),
            thing_id=thing_id,
            at=after[0],
            id=after[1],
        )
        return answer(found)

    return feature
