"""Every SQL statement about deadlines and the feeds of them."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis import pages
from chassis.tenancy import RowMapping, Session
from progress.deadlines.rules import Days, Kind
from progress.lines.rules import Actor
from progress.pagination import code

_OWED = """
    NOT l.withdrawn AND l.state IN ('not_started', 'in_progress') AND CASE :scope
        WHEN 'tenant' THEN l.jurisdiction = :tenant
        WHEN 'unit' THEN l.jurisdiction = 'province' AND :unit = ANY(l.leads) ELSE true END
"""
_PLACED = "JOIN task t ON t.code = l.task LEFT JOIN zone z ON z.code = l.jurisdiction"
_MINE = "(:scope IN ('all', 'audit') OR {} = :office)"
_SIGN_OR_ANSWER = "CASE o.state WHEN 'issued' THEN coalesce(o.sign_due, o.deadline) ELSE o.deadline END"
_FOUND = f"""
    SELECT '{Kind.LINE}' AS kind, l.id, l.id AS line_id, t.title, coalesce(z.name, '省级') AS place, l.due
    FROM line l {_PLACED} WHERE l.due >= :since AND l.due < :until AND {_OWED}
    UNION ALL
    SELECT '{Kind.MILESTONE}', m.id, l.id, t.title || '：' || m.title, coalesce(z.name, '省级'), m.due
    FROM milestone m JOIN line l ON l.id = m.line_id {_PLACED}
    WHERE m.due >= :since AND m.due < :until AND m.done_on IS NULL AND m.due IS DISTINCT FROM l.due AND {_OWED}
    UNION ALL
    SELECT '{Kind.PERIOD}', p.id, NULL, p.title, NULL, p.due
    FROM period p WHERE p.due >= :since AND p.due < :until AND EXISTS (
        SELECT FROM filing f
        WHERE f.period_id = p.id AND f.received_on IS NULL AND NOT f.excused AND {_MINE.format("f.office")})
    UNION ALL
    SELECT '{Kind.ORDER}', o.id, NULL, o.title, NULL, {_SIGN_OR_ANSWER}
    FROM orders o WHERE o.ended_on IS NULL AND o.state IN ('issued', 'in_hand', 'extending')
        AND {_SIGN_OR_ANSWER} >= :since AND {_SIGN_OR_ANSWER} < :until AND {_MINE.format("o.lead")}
    UNION ALL
    SELECT '{Kind.PROBLEM}', q.id, NULL, q.title, NULL, q.answer_due
    FROM problem q WHERE q.ended_on IS NULL AND q.state = 'open'
        AND q.answer_due >= :since AND q.answer_due < :until AND {_MINE.format("q.addressee")}
"""  # noqa: S608
_ORDER = "d.due, d.kind, d.id"
_OWN = "sub = current_setting('app.sub', true)"


def _whose(actor: Actor, days: Days) -> dict[str, Any]:
    whose = {"scope": actor.scope, "tenant": actor.tenant or "", "unit": actor.unit or "", "office": actor.office}
    return whose | {"since": days.since, "until": days.until}


async def page(db: Session, actor: Actor, days: Days, *, limit: int, cursor: str | None) -> bytes:
    """What is open and due in these days, for the actor's office; for all of them to those who see all."""
    after = pages.decode(cursor, date.fromisoformat, code, UUID)
    given = dict(zip(("due", "kind", "id"), after, strict=True)) if after else {}
    beyond = f"WHERE ({_ORDER}) > (:due, :kind, :id)" if after else ""
    sql = f"SELECT * FROM ({_FOUND}) d {beyond} ORDER BY {_ORDER} LIMIT :limit"  # noqa: S608
    columns = ("due", "kind", "id")
    return await pages.page(db, sql, limit=limit, cursor_columns=columns, **_whose(actor, days), **given)


async def feed(db: Session) -> RowMapping | None:
    """The caller's own."""
    return await db.row(f"SELECT made_at FROM calendar_feed WHERE {_OWN}")  # noqa: S608


async def put_feed(db: Session, key: bytes, today: date) -> RowMapping | None:
    """The caller's feed under this key, and under no earlier one."""
    await db.run(
        """
        INSERT INTO calendar_feed (sub, key, seen_on) VALUES (current_setting('app.sub'), :key, :today)
        ON CONFLICT (sub) DO UPDATE SET key = excluded.key, scope = excluded.scope, tenant = excluded.tenant,
            unit = excluded.unit, seen_on = excluded.seen_on, made_at = excluded.made_at
        """,
        key=key,
        today=today,
    )
    return await feed(db)


async def remove_feed(db: Session) -> int:
    return await db.run(f"DELETE FROM calendar_feed WHERE {_OWN}")  # noqa: S608


async def seen(db: Session, today: date) -> None:
    """The caller's feed, if there is one, goes on with the rights that the caller has today."""
    await db.run(
        f"""
        UPDATE calendar_feed SET scope = DEFAULT, tenant = DEFAULT, unit = DEFAULT, seen_on = :today
        WHERE {_OWN} AND (scope, tenant, unit, seen_on) IS DISTINCT FROM
            (current_setting('app.scope'), current_setting('app.tenant'), current_setting('app.unit'), :today)
        """,  # noqa: S608
        today=today,
    )


async def become(db: Session, key: bytes, seen_since: date) -> Actor | None:
    """From here on the transaction sees what the feed's person sees; None for no such feed, and for one that rests."""
    row = await db.row(
        """
        SELECT set_config('app.scope', scope, true), set_config('app.tenant', tenant, true),
               set_config('app.unit', unit, true), scope, tenant, unit
        FROM calendar_feed WHERE key = :key AND seen_on >= :since
        """,
        key=key,
        since=seen_since,
    )
    return Actor(row["scope"], row["tenant"] or None, row["unit"] or None) if row else None
