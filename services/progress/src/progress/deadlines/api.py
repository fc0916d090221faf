"""Deadlines by month, and a feed of them for each person's own calendar (日历订阅)."""

import secrets
from typing import Annotated

from fastapi import Query, Response

from chassis import audit, pages
from chassis.auth import CallerDep
from chassis.clock import Today
from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.schemas import Filter
from chassis.tenancy import Db, PublicDb
from progress import offices
from progress.access import READ, SCHEDULE, actor
from progress.deadlines import rules, store
from progress.deadlines.schemas import DeadlinePage, FeedOut, NewFeed, Renewal

router = Router(tags=["deadlines"])
Month = Annotated[str, Query(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="A month, as `2026-11`")]
Secret = Annotated[Filter, Query(description="What the address of the feed carries")]


@router.get("/deadlines", response_model=DeadlinePage, dependencies=[READ])
async def deadlines(
    month: Month,
    db: Db,
    caller: CallerDep,
    today: Today,
    limit: pages.Limit = pages.DEFAULT_LIMIT,
    cursor: pages.Cursor = None,
) -> Response:
    """What the caller's office has to do by a day of the month; of all offices for the province and auditors."""
    await store.seen(db, today)
    return answer(await store.page(db, actor(caller), rules.month(month), limit=limit, cursor=cursor))


@router.get("/calendar-feed", response_model=FeedOut, dependencies=[SCHEDULE])
async def feed(db: Db) -> Response:
    """Whether the caller's deadlines can be read at an address of their own."""
    return answer(FeedOut.model_validate(await store.feed(db) or {"made_at": None}))


@router.post("/calendar-feed", response_model=NewFeed, status_code=201, dependencies=[SCHEDULE])
async def renew(db: Db, caller: CallerDep, today: Today, given: Renewal | None = None) -> Response:
    """Makes the feed, or makes it anew: an earlier secret is good for nothing from then on."""
    before, secret = await store.feed(db), secrets.token_urlsafe(32)
    made = dict(await store.put_feed(db, rules.key_of(secret), today) or {})
    tenant = offices.jurisdiction(actor(caller).office)
    earlier = dict(before) if before else None
    await audit.record(db, "calendar_feed.made", "calendar_feed", caller.sub, earlier, made, tenant=tenant)
    shown = answer(NewFeed(secret=secret, **made), status=201)
    shown.headers["Cache-Control"] = "no-store"
    return shown


@router.post("/calendar-feed/revocation", response_model=FeedOut, status_code=201, dependencies=[SCHEDULE])
async def revoke(db: Db, caller: CallerDep, given: Renewal | None = None) -> Response:
    """Ends the feed: its address answers 404."""
    before = await store.feed(db)
    if before and await store.remove_feed(db):
        tenant = offices.jurisdiction(actor(caller).office)
        await audit.record(db, "calendar_feed.revoked", "calendar_feed", caller.sub, dict(before), None, tenant=tenant)
    return answer(FeedOut(made_at=None), status=201)


@router.get("/public/calendar", response_model=DeadlinePage)
async def calendar(key: Secret, db: PublicDb, today: Today) -> Response:
    """A feed's deadlines, a month back and a year ahead, by its secret alone: no token is asked for.

    With the rights that its person had when last seen here; after a month without a visit it rests until the next.
    """
    reader = await store.become(db, rules.key_of(key), today - rules.RESTS_AFTER)
    if reader is None:
        raise NotFound
    return answer(await store.page(db, reader, rules.around(today), limit=rules.MOST, cursor=None))
