"""How people want to be told, in the running system: kept per person, refused where it cannot be, heeded by mails."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from chassis import clock
from chassis.tenancy import Database
from deploy.local.system import System
from notify.mail.digests import Digests
from notify.mail.directory import Directory
from notify.mail.rules import JOINED_FOR
from notify.preferences import calendar, rules
from notify.settings import NotifySettings
from services.notify.tests.samples import event, line, report
from services.notify.tests.support import Publish, entries, until
from services.notify.tests.test_mail import mails

PREFERENCES = "/api/notify/v1/preferences"
USER = "wuhu.admin"
CHOSEN: dict[str, Any] = {
    "choices": {},
    "quiet": None,
    "working_days_only": False,
    "digest": {"rhythm": "daily"},
    "language": "zh",
}
Choose = Callable[..., None]


def put(system: System, user: str, **changes: Any) -> Any:
    with system.client(user) as client:
        version = client.get(PREFERENCES).headers["ETag"]
        return client.put(PREFERENCES, json=CHOSEN | changes, headers={"If-Match": version})


@contextmanager
def choosing(system: System, user: str = USER) -> Iterator[Choose]:
    """What a person chooses, until the end of the test."""

    def choose(**changes: Any) -> None:
        answer = put(system, user, **changes)
        assert answer.status_code == 200, answer.text

    yield choose
    choose()


@pytest.fixture
def choose(system: System) -> Iterator[Choose]:
    with choosing(system) as choose:
        yield choose


def told(what: str, title: str) -> Any:
    return event(what, line=line("wuhu", "芜湖片区", task={"title": title}), report=report(reason="请补充"))


def to_user(system: System, title: str) -> list[dict[str, Any]]:
    """The mails with the title that the person got."""
    return [mail for mail in mails(system, title) if mail["to"].startswith(USER)]


@pytest.mark.parametrize(
    ("changes", "pointer", "reason"),
    [
        ({"choices": {"urging": "none"}}, "/body/choices/urging", "必读"),
        ({"choices": {"returned": "digest"}}, "/body/choices/returned", "必读"),
        ({"choices": {"nothing": "now"}}, "/body/choices/nothing", "没有这个消息类别"),
        ({"choices": {"reports": "never"}}, "/body/choices/reports", "应为"),
        ({"quiet": {"begins": "22:00", "until": "22:00"}}, "/body/quiet", "不能相同"),
        ({"quiet": {"begins": "24:00", "until": "07:00"}}, "/body/quiet/begins", "应为时间"),
        ({"digest": {"rhythm": "weekly", "weekday": 6}}, "/body/digest/weekday", "不大于 5"),
        ({"language": "de"}, "/body/language", "应为"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_field_and_reason(
    system: System, changes: dict[str, Any], pointer: str, reason: str
) -> None:
    answer = put(system, USER, **changes)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer and reason in error["detail"]


def test_a_choice_is_ones_own_and_takes_the_version_that_was_read(system: System, choose: Choose) -> None:
    with system.client("hefei.admin") as other:
        before = other.get(PREFERENCES).json()
    choose(choices={"reports": "digest"}, quiet={"begins": "22:00", "until": "07:30"}, language="en")
    with system.client(USER) as client:
        read = client.get(PREFERENCES)
        kept = read.json()
        stale = client.put(PREFERENCES, json=CHOSEN, headers={"If-Match": f'"{kept["version"] - 1}"'})
    chosen = {group["code"]: group["choice"] for group in kept["groups"]}
    assert (chosen["reports"], chosen["urging"], kept["language"]) == ("digest", "now", "en")
    assert kept["quiet"] == {"begins": "22:00", "until": "07:30"}
    assert (stale.status_code, read.headers["ETag"]) == (412, f'"{kept["version"]}"')
    with system.client("hefei.admin") as other:
        assert other.get(PREFERENCES).json() == before
    with system.client("auditor.demo") as auditor:
        (entry,) = auditor.get("/api/notify/v1/audit", params={"limit": 1}).json()["items"]
    assert (entry["action"], entry["after"]["choices"]) == ("preference.changed", {"reports": "digest"})


def test_mails_come_as_chosen_and_what_must_be_read_comes_in_any_case(
    system: System, publish: Publish, choose: Choose
) -> None:
    title = f"事项{uuid4().hex[:12]}"
    choose(choices={"reports": "none"}, language="en")
    publish(told("report.confirmed", f"{title}甲"), told("report.returned", f"{title}乙"))
    until(lambda: to_user(system, f"{title}乙"))
    until(lambda: mails(system, f"{title}甲"))
    (mail,) = to_user(system, title)
    assert "Report returned" in mail["subject"] and "has returned the report" in mail["text"]


def test_ten_events_about_one_thing_make_one_mail(system: System, publish: Publish) -> None:
    title = f"事项{uuid4().hex[:12]}"
    thing = line("wuhu", "芜湖片区", task={"title": title})
    publish(*(event("report.returned", line=thing, report=report(reason=f"意见{n}")) for n in range(10)))
    (mail,) = until(lambda: to_user(system, title))
    assert "共 10 条消息" in mail["subject"] and "意见0" in mail["text"] and "意见9" in mail["text"]


async def test_what_comes_soon_after_a_mail_waits_and_makes_one(
    system: System, publish: Publish, database: Database
) -> None:
    title = f"事项{uuid4().hex[:12]}"
    thing = line("wuhu", "芜湖片区", task={"title": title})
    of = {"thing": f"zone:wuhu /lines/{thing['id']}"}

    def returned(number: int) -> None:
        said = f"{title}意见{number}"
        publish(event("report.returned", line=thing, report=report(reason=said)))
        until(lambda: entries(system, USER, said))

    returned(0)
    until(lambda: to_user(system, title))
    for number in (1, 2, 3):
        returned(number)
    assert await _pauses(database, **of) == {JOINED_FOR}
    async with database.session() as db:
        moved = "addressed_at = addressed_at - CAST(:pause AS interval), due_at = due_at - CAST(:pause AS interval)"
        await db.run(f"UPDATE mail_request SET {moved} WHERE thing = :thing", pause=JOINED_FOR, **of)
    _, second = until(lambda: (found := to_user(system, title))[1:] and found)
    assert "共 3 条消息" in second["subject"]


async def _pauses(database: Database, **of: str) -> set[timedelta]:
    """From the last mail about a thing to when the next may come, by the requests that wait."""
    async with database.session() as db:
        rows = await db.rows(
            """
            SELECT due_at - (SELECT max(addressed_at) FROM mail_request o WHERE o.thing = r.thing) AS pause
            FROM mail_request r WHERE thing = :thing AND addressed_at IS NULL
            """,
            **of,
        )
    return {row["pause"] for row in rows}


def test_what_is_for_the_writers_of_an_office_goes_to_them_alone(system: System, publish: Publish) -> None:
    title = f"事项{uuid4().hex[:12]}"
    said = {"kind": "line", "thing": str(uuid4()), "title": title, "deadline": "2030-06-28", "count": 1, "step": -3}
    due = said | {"line_id": said["thing"], "level": "writer"}
    about = {"id": str(uuid4()), "office": "unit:swt", "office_name": "省商务厅", "jurisdiction": "province"}
    data = {"reminder": about | {"due": [due]}, "line": line("province", None)}
    publish(event("reminder.due_soon", **data))
    (mail,) = until(lambda: mails(system, title))
    assert mail["to"].startswith("dept.swt")


@pytest.fixture
async def database(system: System) -> AsyncIterator[Database]:
    opened = Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    yield opened
    await opened.close()


@pytest.fixture
async def digests(system: System, database: Database) -> AsyncIterator[tuple[Digests, str]]:
    """What makes digests, by the time that it is told; and the person, who gets no other one meanwhile."""
    settings = NotifySettings(
        issuer="",
        jwks_url="",
        port=0,
        database_url=database.url,
        keycloak_url=system.instance.keycloak,
        oidc_client_secret=system.instance.secrets["notify_client"],
    )
    sub = str(jwt.decode(system.token(USER), options={"verify_signature": False})["sub"])
    yield Digests(database, Directory(settings), "http://portal.example"), sub
    async with database.session() as db:
        await db.run("DELETE FROM waiting WHERE sub = :sub", sub=sub)
        await db.run("DELETE FROM digest WHERE sub = :sub", sub=sub)
        await db.run("DELETE FROM delivery WHERE key LIKE :keys", keys=f"digest/{sub}/%")


async def waiting(database: Database, sub: str) -> int:
    async with database.session() as db:
        return int(await db.value("SELECT count(*) FROM waiting WHERE sub = :sub", sub=sub))


async def all_wait(database: Database, sub: str, number: int) -> None:
    async with asyncio.timeout(20):
        while await waiting(database, sub) < number:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.1)


async def next_digest(database: Database, number: int) -> datetime:
    """The moment of the ``number``-th daily digest from now on."""
    async with database.session() as db:
        days = await calendar.corrected(db)
    at = rules.DIGEST_AT
    return datetime.combine(days.after(clock.today(), number), at, clock.SHANGHAI)


async def test_a_digest_comes_once_a_day_and_is_made_up_for(
    system: System, publish: Publish, choose: Choose, database: Database, digests: tuple[Digests, str]
) -> None:
    title, (work, sub), before = f"事项{uuid4().hex[:12]}", digests, clock.now()
    choose(choices={"reports": "digest", "lines": "digest"})
    thing = line("wuhu", "芜湖片区", task={"title": title})
    confirmed = [event("report.confirmed", line=thing, report=report(percent=n)) for n in (10, 20)]
    publish(*confirmed, event("line.stalled", line=thing | {"moved_on": "2026-06-01"}))
    await all_wait(database, sub, 3)
    await work.work_off(before)
    assert await waiting(database, sub) == 3
    moment = await next_digest(database, 1)
    await asyncio.gather(*(work.work_off(moment + timedelta(minutes=minutes)) for minutes in (0, 1, 600)))
    await work.work_off(moment + timedelta(minutes=601))
    (mail,) = until(lambda: to_user(system, title))
    text = mail["text"]
    assert "消息汇总：3 条" in mail["subject"] and f"http://portal.example/lines/{thing['id']}" in text
    assert 0 < text.index("请优先办理") < text.index("长期无进展") < text.index("【进展填报】2 条")
    assert "共 2 条消息" in text
    await work.work_off(await next_digest(database, 2))
    assert len(to_user(system, title)) == 1 and await waiting(database, sub) == 0


async def test_quiet_hours_hold_mails_and_join_them(
    system: System, publish: Publish, choose: Choose, database: Database, digests: tuple[Digests, str]
) -> None:
    title, (work, sub) = f"事项{uuid4().hex[:12]}", digests
    now = clock.now().astimezone(clock.SHANGHAI)
    ends = (now - timedelta(minutes=2)).replace(second=0, microsecond=0) + timedelta(days=1)
    choose(quiet={"begins": f"{ends + timedelta(minutes=1):%H:%M}", "until": f"{ends:%H:%M}"})
    thing = line("wuhu", "芜湖片区", task={"title": title})
    publish(event("line.suspended", line=thing, reason="规划调整"), event("line.resumed", line=thing, reason=""))
    until(lambda: mails(system, title))
    await all_wait(database, sub, 2)
    assert to_user(system, title) == []
    await work.work_off(ends)
    (mail,) = until(lambda: to_user(system, title))
    assert "共 2 条消息" in mail["subject"]
