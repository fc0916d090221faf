"""The inbox in the running system: one entry per event and person, unread counts, nothing of other tenants."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

import pytest

from chassis.events import Event
from chassis.tenancy import Database
from deploy.local.system import System
from notify.inbox import store
from notify.inbox.events import handle
from services.notify.tests.samples import event, line, report
from services.notify.tests.support import Publish, end_of_feed, entries, fed, until

INBOX = "/api/notify/v1/inbox"
PROBLEM = {
    "id": str(uuid4()),
    "jurisdiction": "hefei",
    "line_id": None,
    "title": "请协调",
    "raiser": {"office": "zone:hefei", "name": "合肥片区"},
    "addressee": {"office": "unit:hfhg", "name": "合肥海关"},
}
STEP = {"office": "clock", "office_name": "系统", "text": "", "level": None}


def titled(title: str, **changes: Any) -> dict[str, Any]:
    return line(task={"title": title}, **changes)


@pytest.fixture
def title() -> str:
    return f"事项{uuid4().hex[:12]}"


def unread(system: System, user: str) -> int:
    with system.client(user) as client:
        return int(client.get(f"{INBOX}/summary").json()["unread"])


def test_a_repeated_event_makes_no_second_entry(system: System, publish: Publish, title: str) -> None:
    first = event("report.submitted", line=titled(title), report=report())
    last = event("report.submitted", line=titled(f"{title}末"), report=report() | {"id": first.subject})
    publish(first, first, first, last)
    until(lambda: entries(system, "province.admin", f"{title}末"))
    for user in ("province.admin", "dept.swt", "dept.hfhg"):
        assert len(entries(system, user, f"“{title}”")) == 1


def test_other_tenants_and_their_own_office_are_not_told(system: System, publish: Publish, title: str) -> None:
    publish(event("report.submitted", line=titled(title), report=report()))
    (entry,) = until(lambda: entries(system, "province.admin", title))
    assert entries(system, "wuhu.admin", title) == []
    assert entries(system, "hefei.admin", title) == []
    with system.client("wuhu.admin") as client:
        foreign = client.post(f"{INBOX}/{entry['id']}/reading")
        nobodys = client.post(f"{INBOX}/{uuid4()}/reading")
    assert foreign.status_code == nobodys.status_code == 404
    assert foreign.json() | {"trace": None} == nobodys.json() | {"trace": None}


@pytest.mark.parametrize("user", ["auditor.demo", "operator.demo"])
def test_people_without_an_audience_are_refused(system: System, user: str) -> None:
    with system.client(user) as client:
        assert client.get(INBOX).status_code == 403
        assert client.get("/api/notify/v1/stream").status_code == 403


def test_reading_one_and_reading_all(system: System, publish: Publish, title: str) -> None:
    publish(*(event("report.returned", line=titled(f"{title}{n}"), report=report(reason="补充")) for n in range(3)))
    newest, middle, oldest = until(lambda: (found := entries(system, "hefei.admin", title))[2:] and found)
    before = unread(system, "hefei.admin")
    with system.client("hefei.admin") as client:
        assert client.post(f"{INBOX}/{middle['id']}/reading").json() == {"unread": before - 1}
        assert client.post(f"{INBOX}/{middle['id']}/reading").json() == {"unread": before - 1}
        shown = {entry["id"]: entry["read"] for entry in entries(system, "hefei.admin", title)}
        assert shown == {newest["id"]: False, middle["id"]: True, oldest["id"]: False}
        assert [entry["id"] for entry in entries(system, "hefei.admin", title, unread=False)] == [middle["id"]]
        client.post(f"{INBOX}/reading", json={"until": middle["at"]})
        still = [entry["id"] for entry in entries(system, "hefei.admin", title, unread=True)]
        assert still == [newest["id"]]
        client.post(f"{INBOX}/reading", json={"until": newest["at"]})
    assert unread(system, "hefei.admin") == 0


def test_ten_events_about_one_thing_are_one_row_that_is_read_at_once(
    system: System, publish: Publish, title: str
) -> None:
    thing, before = titled(title), unread(system, "hefei.admin")
    publish(*(event("report.returned", line=thing, report=report(reason=f"第 {n} 次")) for n in range(10)))
    (row,) = until(lambda: [row for row in entries(system, "hefei.admin", title) if row["entries"] == 10])
    assert (row["unread_entries"], row["thing"]) == (10, f"/lines/{thing['id']}")
    assert unread(system, "hefei.admin") == before + 1
    told = entries(system, "hefei.admin", title, thing=row["thing"])
    assert (told[0], len({entry["body"] for entry in told})) == (row, 10)
    with system.client("hefei.admin") as client:
        assert client.post(f"{INBOX}/{told[1]['id']}/reading").json() == {"unread": before + 1}
        (row,) = entries(system, "hefei.admin", title)
        assert (row["read"], row["unread_entries"]) == (False, 1)
        assert client.post(f"{INBOX}/{row['id']}/reading").json() == {"unread": before}
    assert {entry["read"] for entry in entries(system, "hefei.admin", title, thing=row["thing"])} == {True}
    assert entries(system, "wuhu.admin", title, thing=row["thing"]) == []


def test_what_is_overdue_has_a_section_of_its_own_until_it_is_settled(
    system: System, publish: Publish, title: str
) -> None:
    thing = titled(title, light="yellow")
    due = {"kind": "line", "thing": thing["id"], "line_id": thing["id"], "title": title, "deadline": "2026-06-30"}
    reminder: dict[str, Any] = {
        "id": str(uuid4()),
        "office": "zone:hefei",
        "office_name": "合肥片区",
        "jurisdiction": "hefei",
    }
    reminder["due"] = [due | {"step": 1, "level": "writer", "count": 1}]
    publish(event("reminder.overdue", line=thing, reminder=reminder))

    def sections() -> list[str]:
        found = ("today", "overdue", "earlier")
        return [name for name in found if entries(system, "hefei.admin", title, section=name)]

    assert until(sections) == ["overdue"]
    publish(event("line.progressed", line=thing | {"light": "green"}))
    until(lambda: sections() == ["today"])
    with system.client("hefei.admin") as client:
        assert client.get(INBOX, params={"section": "yesterday"}).status_code == 422


def test_a_period_is_late_for_an_office_until_all_of_its_own_has_come(
    system: System, publish: Publish, title: str
) -> None:
    days = dict.fromkeys(("due", "grace", "locks"), "2026-09-30")
    period, thing = {"id": str(uuid4()), "title": title, "reason": ""} | days, titled(title)
    offices = [{"office": office, "filings": 2} for office in ("zone:hefei", "unit:swt")]
    publish(event("period.overdue", line=thing, period=period, jurisdiction="hefei", offices=offices))

    def late(user: str) -> list[bool]:
        return [entry["late"] for entry in entries(system, user, title)]

    until(lambda: late("hefei.admin") == late("dept.swt") == [True])
    filing = {"id": str(uuid4()), "office": "zone:hefei"}
    publish(*(event("filing.checked", line=thing, filing=filing, period=period, owed=owed) for owed in (1, 0)))
    until(lambda: late("hefei.admin") == [False])
    assert late("dept.swt") == [True]
    quit_ = [{"period": period["id"], "office": "unit:swt"}]
    publish(event("line.suspended", line=line(), reason="规划调整", quit=quit_))
    until(lambda: late("dept.swt") == [False])


@pytest.mark.parametrize("until_", ["", "2026-11-24", "1764000000", 1764000000, "2026-11-24T08:00:00", None])
def test_until_is_an_instant(system: System, until_: object) -> None:
    with system.client("hefei.admin") as client:
        answer = client.post(f"{INBOX}/reading", json={"until": until_})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/until"


def test_openings_are_one_entry_that_counts_and_is_unread_again_when_it_grows(system: System, publish: Publish) -> None:
    edition = uuid4().int % 10**9
    opened = [event("line.opened", line=line(), edition=edition) for _ in range(30)]
    publish(*opened, *opened[:10])
    body = f"第 {edition} 版"
    users = ("province.admin", "hefei.admin", "dept.swt")
    until(lambda: all([entry["count"] for entry in entries(system, user, body)] == [30] for user in users))
    (entry,) = entries(system, "hefei.admin", body)
    assert "30 项" in entry["title"] and "30" in entry["title_en"]
    with system.client("hefei.admin") as client:
        client.post(f"{INBOX}/{entry['id']}/reading")
    publish(event("line.opened", line=line(), edition=edition))
    until(lambda: [(e["count"], e["read"]) for e in entries(system, "hefei.admin", body)] == [(31, False)])


def by_thing(events: Iterable[dict[str, Any]], edition: int) -> dict[str, list[str]]:
    """The ids of an edition's events, in their order for each thing."""
    found: dict[str, list[str]] = {}
    for each in events:
        if each["data"].get("edition") == edition:
            found.setdefault(each["subject"], []).append(each["id"])
    return found


def test_a_worker_that_is_killed_at_work_loses_and_doubles_nothing(system: System, publish: Publish) -> None:
    edition = uuid4().int % 10**9
    restarts, before = system.components["notify-worker"]["restarts"], end_of_feed(system)
    things = [line() for _ in range(20)]
    opened = [event("line.opened", line=thing, edition=edition) for _ in range(30) for thing in things]
    for part in range(6):
        publish(*opened[part * 100 : (part + 1) * 100])
        if part == 2:
            system.kill("notify-worker")
    system.wait_restarted("notify-worker", restarts)
    body = f"第 {edition} 版"
    until(lambda: [entry["count"] for entry in entries(system, "hefei.admin", body)] == [600], 60)
    until(lambda: by_thing(fed(system, before), edition) == by_thing((each.structured() for each in opened), edition))
    last = event("line.opened", line=line(), edition=edition)
    publish(last, last)
    until(lambda: [entry["count"] for entry in entries(system, "hefei.admin", body)] == [601])


def test_pages_follow_each_other_without_gap_or_repeat(system: System, publish: Publish, title: str) -> None:
    publish(*(event("report.returned", line=titled(f"{title}{n}"), report=report(reason="补充")) for n in range(7)))
    until(lambda: len(entries(system, "hefei.admin", title)) == 7)
    seen, cursor = [], None
    with system.client("hefei.admin") as client:
        for _ in range(4):
            answer = client.get(INBOX, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            seen += [entry["id"] for entry in answer["items"]]
            cursor = answer["next"]
    assert len(seen) == len(set(seen)) == 8


def test_a_cursor_of_somebody_elses_making_is_refused(system: System) -> None:
    with system.client("hefei.admin") as client:
        assert client.get(INBOX, params={"cursor": "bm9wZQ"}).status_code == 422


def test_a_mark_that_is_sent_again_is_made_once(system: System) -> None:
    with system.client("hefei.admin") as client:
        key = {"Idempotency-Key": uuid4().hex}
        body = {"until": "2026-01-01T00:00:00Z"}
        first = client.post(f"{INBOX}/reading", json=body, headers=key)
        again = client.post(f"{INBOX}/reading", json=body, headers=key)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"


async def written(database: Database, batches: Sequence[Sequence[Event]]) -> list[tuple[Any, ...]]:
    """What events write that come so; nothing of it stays."""
    async with database.session() as db:
        before = await store.next_position(db)
        for batch in batches:
            await handle(db, batch)
        rows = await db.rows(
            """
            SELECT e.audience, e.key, e.count, e.latest, e.late, e.title,
                   extract(epoch FROM r.due_at - r.created_at) > 3,
                   (SELECT count(*) FROM change c WHERE c.position BETWEEN :before AND e.position)
            FROM entry e JOIN mail_request r ON r.entry_id = e.id WHERE e.position > :before
            ORDER BY e.position, e.audience
            """,
            before=before,
        )
        await db.rollback()
    return [tuple(row.values()) for row in rows]


async def test_events_that_come_together_make_what_they_make_one_by_one(system: System, title: str) -> None:
    about, edition = titled(title), uuid4().int % 10**9
    late = titled(title, id=about["id"], light="red", moved_on="2026-09-30")
    told = [
        event("line.opened", line=line(), edition=edition),
        event("report.submitted", line=late, report=report()),
        event("line.opened", line=line("wuhu", "芜湖片区"), edition=edition),
        event("problem.overdue", line=late, problem=PROBLEM, step=STEP),
        event("problem.answered", line=late, problem=PROBLEM, step=STEP),
        event("report.returned", line=about, report=report(reason="补充")),
        event("line.opened", line=line(), edition=edition),
        event("problem.overdue", line=late, problem=PROBLEM | {"id": str(uuid4())}, step=STEP),
    ]
    database = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    single, together = await written(database, [[each] for each in told]), await written(database, [told])
    await database.close()
    assert together == single
    assert {(row[2], row[4]) for row in single} == {(1, False), (1, True), (2, False), (3, False)}
