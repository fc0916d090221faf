"""A zone reports, the province returns: who sees what of it, how soon, how often, and under which trace."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.system import System
from tests.support import NOTIFY, PROGRESS, Json, done, entries, get, line, lines, mails, on_topic, pages, until

UNDELIVERED = """
    SELECT (SELECT count(*) FROM mail_request r JOIN entry e ON e.id = r.entry_id
            WHERE e.href = $1 AND r.addressed_at IS NULL)
         + (SELECT count(*) FROM delivery WHERE channel = 'mail' AND href = $1 AND state <> 'sent')
"""

PASS_MINUTES = "UPDATE mail_request SET addressed_at = addressed_at - interval '1 hour' WHERE thing LIKE $1"


@pytest.fixture
def reported(system: System) -> Iterator[Json]:
    """A line that Hefei may report on, which 省商务厅 leads without 合肥海关; at the end its report is returned."""
    chosen = next(
        shown
        for shown in lines(system, "hefei.admin", unit="swt")
        if "report" in shown["actions"]
        and shown["percent"] < 60
        and "hfhg" not in {unit["code"] for unit in shown["units"]}
        and {"code": "swt", "name": "省商务厅", "role": "lead"} in shown["units"]
    )
    yield chosen
    if "return" in line(system, chosen["id"])["actions"]:
        done(system, "province.admin", chosen["id"], "latest/return", reason="测试完毕")


def _cell(system: System, user: str, of: Json) -> Json:
    overview = get(system, user, f"{PROGRESS}/overview")
    (plan,) = [plan for plan in overview["plans"] if plan["code"] == of["task"]["plan"]["code"]]
    return next(cell for cell in plan["cells"] if cell["jurisdiction"] == of["jurisdiction"])


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "dept.swt", "auditor.demo"])
def test_a_report_shows_in_the_overview_within_two_seconds(system: System, reported: Json, user: str) -> None:
    before = _cell(system, user, reported)
    done(system, "hefei.admin", reported["id"], "reports", percent=77, done="已建成")
    until(lambda: _cell(system, user, reported)["last_change"] > before["last_change"], seconds=2)
    after = _cell(system, user, reported)
    assert after["mean_percent"] > before["mean_percent"]
    assert _cell(system, "wuhu.admin", {**reported, "jurisdiction": "wuhu"})["last_change"] < after["last_change"]


async def test_a_return_reaches_those_concerned_once_by_inbox_and_by_mail(system: System, reported: Json) -> None:
    mark, where = f"缺少佐证材料{uuid4().hex}", f"/lines/{reported['id']}"
    done(system, "hefei.admin", reported["id"], "reports", percent=61, done="已建成")
    returned = done(system, "province.admin", reported["id"], "latest/return", reason=mark)
    assert (returned["status"], returned["reason"]) == ("returned", mark)
    (news,) = until(
        lambda: [entry for entry in entries(system, "hefei.admin", reported["id"]) if mark in entry["body"]]
    )
    assert (news["kind"], news["href"], news["read"]) == ("report.returned", where, False)
    await _all_delivered(system, where)
    told = Counter(mail["to"] for mail in mails(system) if mark in mail["text"])
    assert told == {f"{user}@zoneportal.internal": 1 for user in ("hefei.admin", "dept.swt", "swt.admin")}
    for user in ("wuhu.admin", "bengbu.admin", "dept.hfhg", "province.admin"):
        assert not [entry for entry in pages(system, user, f"{NOTIFY}/inbox") if mark in entry["body"]]
    assert len([entry for entry in entries(system, "dept.swt", reported["id"]) if mark in entry["body"]]) == 1


async def _all_delivered(system: System, href: str) -> None:
    """Lets the minutes pass for which further news of a thing are kept after a mail about it."""
    connection = await asyncpg.connect(system.database("notify"))
    async with asyncio.timeout(20):
        while await connection.fetchval(UNDELIVERED, href):
            await connection.execute(PASS_MINUTES, f"% {href}")
            await asyncio.sleep(0.1)
    await connection.close()


async def test_one_trace_leads_from_the_gateway_to_the_last_consumer(system: System, reported: Json) -> None:
    headers = {"If-Match": f'"{reported["version"]}"'}
    with system.client("hefei.admin") as client:
        path = f"{PROGRESS}/lines/{reported['id']}/reports"
        answer = client.post(path, json={"percent": 31, "done": "已建成"}, headers=headers)
    assert answer.status_code == 201
    request, report = answer.headers["x-request-id"], answer.json()["id"]
    trace = request.replace("-", "")
    until(lambda: entries(system, "province.admin", reported["id"]))
    for component, written in (("gateway", request), ("progress-api", trace), ("notify-worker", trace)):
        until(partial(_logged, system, component, written))
    (told,) = [event for event in await on_topic(system, "progress.hefei") if event.subject == report]
    assert told.traceparent is not None and told.traceparent.split("-")[1] == trace
    trail = pages(system, "auditor.demo", f"{PROGRESS}/audit", thing_id=report)
    assert [(entry["action"], entry["trace"]) for entry in trail] == [("report.submitted", trace)]


def _logged(system: System, component: str, trace: str) -> bool:
    """Whether a component wrote a line of its log under the trace."""
    rows = system.instance.log(component).read_text().splitlines()
    return any(json.loads(row).get("trace") == trace for row in rows if trace in row)
