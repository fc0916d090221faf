"""The events of the tenants that are granted to an integrator (事件补读)."""

from typing import Annotated

from fastapi import Query, Response

from chassis import pages
from chassis.auth import CallerDep, Role, allow
from chassis.problems import responses
from chassis.routing import Router, answer
from chassis.tenancy import Db
from notify.feed import rules, store
from notify.feed.schemas import EventPage
from notify.integrators import admission

router = Router(tags=["events"], dependencies=[allow(Role.INTEGRATOR)])
After = Annotated[str | None, Query(max_length=100, description="The `next` of the page before; nothing: the oldest")]


@router.get("/events", response_model=EventPage, responses=responses(410))
async def events(db: Db, caller: CallerDep, after: After = None, limit: pages.Limit = pages.DEFAULT_LIMIT) -> Response:
    """The same events as on the topics `progress.<jurisdiction>`, oldest first, kept for 90 days.

    An event may come twice. What is granted counts as it is now, not as the token says. 403 when nothing is, with the
    reason as its type. 410 when events after the cursor are forgotten already.
    """
    await admission.check(db, caller)
    (given,) = pages.decode(after, rules.position, name="after") or (None,)
    rows = await store.after(db, given or 0, limit + 1)
    shown = rows[:limit]
    last = shown[-1]["position"] if shown else None
    following = pages.encode(rules.following(given, last, await store.forgotten(db)))
    items, more = ",".join(row["body"] for row in shown), "true" if len(rows) > limit else "false"
    return answer(f'{{"items":[{items}],"next":"{following}","more":{more}}}'.encode())
