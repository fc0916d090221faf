"""Adding and removing attachments: guarded, stored, audited."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis import audit
from chassis.auth import Caller
from chassis.problems import Forbidden, NotFound, Problem
from chassis.routing import check
from chassis.tenancy import Session
from progress.access import actor
from progress.attachments import rules, store, things
from progress.attachments.receiving import Received
from progress.attachments.rules import Attachment, Kind
from progress.lines.rules import NotNow


async def add(
    db: Session, caller: Caller, kind: Kind, thing_id: UUID, today: date, name: UUID, received: Received
) -> None:
    """Attaches content that is stored under ``name``. Raises what stands against it now."""
    thing = await things.held(db, caller, kind, thing_id, today)
    thing.must_take()
    rules.must_have_room(*await store.count(db, thing_id, actor(caller).office))
    if not await store.claim(db, name):
        raise Problem(503, "try-again", "上传用时过长，请重试。", headers={"Retry-After": "1"})
    given = {
        "id": name,
        "kind": kind,
        "thing_id": thing_id,
        "name": received.name,
        "type": received.type,
        "size": received.size,
        "sha256": received.sha256,
        "office": actor(caller).office,
        "added_by": caller.name,
    }
    await store.add(db, given)
    await _note(db, caller, thing, "added", name, None, given)


async def remove(db: Session, caller: Caller, attachment: Attachment, today: date, reason: str, if_match: int) -> None:
    """Takes an attachment of the caller's own office away; what is frozen with it stays. Raises what stands against it.

    Content that nothing approved refers to goes after a while.
    """
    thing = await things.held(db, caller, attachment.kind, attachment.thing_id, today)
    now = await store.get(db, attachment.id)
    if now is None:
        raise NotFound
    if not thing.ever or now.office != actor(caller).office:
        raise Forbidden("只能移除本单位添加的附件。")
    check(now.version, if_match)
    thing.must_take()
    if not await store.remove(db, now.id, caller.name, reason):
        raise NotNow("该附件已移除。")
    if not now.frozen:
        await store.release(db, now.id)
    before = {"name": now.name, "sha256": now.sha256}
    await _note(db, caller, thing, "removed", now.id, before, None, reason)


async def _note(
    db: Session,
    caller: Caller,
    thing: things.Thing,
    what: str,
    attachment_id: UUID,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str | None = None,
) -> None:
    """In the chain of the acting zone: the thing may be of another."""
    tenant = caller.tenant if caller.scope == "tenant" else thing.jurisdiction
    await audit.record(
        db, f"attachment.{what}", "attachment", attachment_id, before, after, tenant=tenant, reason=reason
    )
