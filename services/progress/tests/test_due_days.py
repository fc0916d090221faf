"""Deadlines by month for whom they are, and the feed of them by its secret alone."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from chassis.clock import today
from progress.deadlines.rules import RESTS_AFTER
from progress.deadlines.schemas import DeadlinePage, NewFeed
from services.progress.tests.steps import SIGN_DUE, issued, seen, taken
from services.progress.tests.test_filings import on
from services.progress.tests.worlds import CALLERS, World

DUE = "2031-05-30"


async def due(world: World, name: str, month: str = "2031-05") -> dict[str, dict[str, Any]]:
    """By kind and title what a caller has to do in a month, over pages of two."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        given = {"month": month, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = await seen(world, name, "/deadlines", **given)
        found, cursor = found + DeadlinePage.model_validate(page).model_dump(mode="json")["items"], page["next"]
    assert found == sorted(found, key=lambda each: (each["due"], each["kind"], each["id"]))
    return {f"{each['kind']} {each['title']}": each for each in found}


async def feed(world: World, secret: str) -> tuple[int, set[str]]:
    async with world.client("nobody") as client:
        client.headers.pop("Authorization")
        answer = await client.get("/public/calendar", params={"key": secret})
    return answer.status_code, {item["title"] for item in answer.json().get("items", [])}


async def made(world: World, name: str) -> str:
    async with world.client(name) as client:
        answer = await client.post("/calendar-feed")
    assert answer.headers["cache-control"] == "no-store"
    return NewFeed.model_validate_json(answer.content).secret


async def test_everybody_has_the_deadlines_of_the_own_office(world: World) -> None:
    title = uuid4().hex
    task = await world.publish(["swt", "hfhg", "hfs", "whs"], due=DUE, title=title)
    stages = [{"title": "招标", "weight": 1, "due": "2031-05-09"}, {"title": "完工", "weight": 1, "due": DUE}]
    line = await world.line(task, "hefei")
    assert (await world.act("hefei", line, "schedule", deadline=DUE, milestones=stages)).status_code == 200
    order = await issued(world, title=uuid4().hex, deadline=DUE)
    milestone, whole, ordered = f"milestone {title}：招标", f"line {title}", f"order {order['title']}"
    sees = {name: (await due(world, name)).keys() for name in ("hefei", "wuhu", "swt", "hfhg", "auditor")}
    assert {milestone, whole} <= sees["hefei"] and {milestone, whole} <= sees["auditor"]
    assert whole in sees["wuhu"] and whole in sees["swt"] and whole not in sees["hfhg"]
    assert milestone not in sees["wuhu"] | sees["swt"]
    assert whole not in await due(world, "hefei", "2031-06")
    assert ordered in await due(world, "hefei", f"{SIGN_DUE:%Y-%m}")
    await taken(world, "hefei", order, "receipt")
    assert ordered in await due(world, "hefei") and ordered not in await due(world, "wuhu")


async def test_a_feed_goes_by_its_secret_with_the_rights_of_its_person(world: World) -> None:
    title, day = uuid4().hex, str(today() + timedelta(40))
    await world.publish(["swt", "hfs", "whs"], due=day, title=title)
    secret = await made(world, "bengbu")
    status, titles = await feed(world, secret)
    assert (status, title in titles) == (200, False)
    with patch.dict(CALLERS["bengbu"], tenant="wuhu"):
        await due(world, "bengbu")
    assert title in (await feed(world, secret))[1]
    await due(world, "bengbu")
    assert title not in (await feed(world, secret))[1]


async def test_a_feed_rests_without_visits_and_ends_when_it_is_renewed_or_revoked(world: World) -> None:
    first = await made(world, "wuhu")
    with on(world, today() + RESTS_AFTER + timedelta(1)):
        assert (await feed(world, first))[0] == 404
        await due(world, "wuhu")
        assert (await feed(world, first))[0] == 200
    second = await made(world, "wuhu")
    assert [(await feed(world, secret))[0] for secret in (first, second, "", "x" * 43)] == [404, 200, 422, 404]
    assert (await seen(world, "wuhu", "/calendar-feed"))["made_at"] is not None
    async with world.client("wuhu") as client:
        assert (await client.post("/calendar-feed/revocation")).json() == {"made_at": None}
        assert (await client.post("/calendar-feed/revocation")).json() == {"made_at": None}
    assert (await feed(world, second))[0] == 404
    assert (await seen(world, "wuhu", "/calendar-feed"))["made_at"] is None


async def test_of_a_secret_only_a_hash_is_stored(world: World) -> None:
    secret = await made(world, "hfhg")
    async with world.server() as server:
        rows = await server.fetch("SELECT calendar_feed::text AS row FROM calendar_feed")
        kept = await server.fetch("SELECT body FROM idempotency")
    assert rows and not [row for row in (*rows, *kept) if secret in str(tuple(row))]
