"""Robots in the running system: an office manages its own, they get its news, operators see how it went."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.tenancy import Database
from deploy.local.system import System
from services.notify.tests.receivers import HOST, Receiver, listening
from services.notify.tests.robots import SECRET, Chat
from services.notify.tests.samples import event, line, report
from services.notify.tests.support import Publish, until

ROBOTS, DELIVERIES = "/api/notify/v1/robots", "/api/notify/v1/deliveries"
WECOM = f"http://{HOST}:9999/cgi-bin/webhook/send?key=k1"


@pytest.fixture
def office(system: System) -> Iterator[httpx.Client]:
    with system.client("bengbu.admin") as client:
        yield client
        for robot in client.get(ROBOTS).json()["items"]:
            act(client, robot["id"], "removal", robot["version"])


def act(client: httpx.Client, robot: str, what: str, version: int) -> httpx.Response:
    return client.post(f"{ROBOTS}/{robot}/{what}", headers={"If-Match": f'"{version}"'})


def added(client: httpx.Client, **given: Any) -> dict[str, Any]:
    known = {"kind": "wecom", "name": "蚌埠片区工作群", "url": WECOM}
    answer = client.post(ROBOTS, json=known | given)
    assert answer.status_code == 201, answer.text
    robot: dict[str, Any] = answer.json()
    return robot


def test_a_robot_gets_the_chosen_news_of_its_office_and_the_office_sees_it(
    system: System, publish: Publish, office: httpx.Client
) -> None:
    title, chat, other = f"事项{uuid4().hex[:12]}", Chat("dingtalk"), Chat("dingtalk")
    with listening(Receiver(chat.answer)) as receiver, listening(Receiver(other.answer)) as elsewhere:
        robot = added(office, kind="dingtalk", url=chat.url(receiver), secret=SECRET, groups=["returned"])
        added(office, kind="dingtalk", url=other.url(elsewhere), secret=SECRET, groups=["cases"])
        told = line("bengbu", "蚌埠片区", task={"title": title})
        publish(event("report.returned", line=told, report=report(reason="佐证材料不足", office="zone:bengbu")))
        until(lambda: [text for text in chat.texts if title in text])
        assert office.post(f"{ROBOTS}/{robot['id']}/test").status_code == 201
        until(lambda: [text for text in chat.texts if "测试消息" in text])
        sent = until(lambda: [each for each in recent(office, robot["id"]) if each["state"] == "sent"])
        assert not [text for text in other.texts if title in text]
    with system.client("operator.demo") as operator:
        (shown,) = [
            each
            for each in operator.get(DELIVERIES, params={"channel": "dingtalk"}).json()["items"]
            if each["id"] == sent[0]["id"]
        ]
        assert (shown["address"], shown["actions"]) == ("蚌埠片区工作群", [])
        whole = operator.get(f"{DELIVERIES}/{shown['id']}")
    assert [each["outcome"] for each in whole.json()["tries"]] == ["sent"]
    assert SECRET not in whole.text and "access_token" not in whole.text


def recent(client: httpx.Client, robot: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{ROBOTS}/{robot}").json()["recent"]
    return found


def test_what_was_given_up_is_retried_at_once_by_hand_under_the_same_id(system: System, office: httpx.Client) -> None:
    chat = Chat("wecom", code=93000)
    with listening(Receiver(chat.answer)) as receiver, system.client("operator.demo") as operator:
        robot = added(office, url=chat.url(receiver))
        office.post(f"{ROBOTS}/{robot['id']}/test").raise_for_status()
        (failed,) = until(lambda: [each for each in recent(office, robot["id"]) if each["state"] == "failed"])
        assert "机器人地址无效" in failed["detail"]
        here, chat.code = f"{DELIVERIES}/{failed['id']}", 0
        assert operator.get(here).json()["actions"] == ["retry"]
        assert operator.post(f"{here}/retry").json()["state"] == "created"
        until(lambda: operator.get(here).json()["state"] == "sent")
        assert operator.post(f"{here}/retry").json()["type"] == "/problems/delivery-state"
    assert failed["id"] in chat.texts[0]
    with system.client("auditor.demo") as auditor:
        (noted,) = auditor.get("/api/notify/v1/audit", params={"thing_id": failed["id"]}).json()["items"]
    assert (noted["action"], noted["name"]) == ("delivery.retried", "运维管理员")


def test_an_office_changes_pauses_and_removes_its_own_alone(system: System, office: httpx.Client) -> None:
    robot = added(office)
    assert robot["url"] == f"{HOST} …y=k1" and "secret" not in robot
    with system.client("hefei.admin") as hefei, system.client("dept.swt") as writer:
        assert hefei.get(f"{ROBOTS}/{robot['id']}").status_code == 404
        assert writer.get(ROBOTS).status_code == 403
    here = f"{ROBOTS}/{robot['id']}"
    changed = office.put(here, json={"name": "工作群", "groups": ["returned"]}, headers={"If-Match": '"1"'}).json()
    assert (changed["name"], changed["groups"], changed["url"]) == ("工作群", ["returned"], robot["url"])
    assert act(office, robot["id"], "pause", 1).status_code == 412
    paused = act(office, robot["id"], "pause", 2).json()
    assert paused["actions"] == ["edit", "resume", "remove"]
    assert office.post(f"{here}/test").json()["type"] == "/problems/robot-state"
    assert act(office, robot["id"], "resumption", 3).json()["paused"] is False
    assert act(office, robot["id"], "removal", 4).status_code == 204
    with system.client("province.admin") as province:
        noted = province.get("/api/notify/v1/audit", params={"thing_id": robot["id"]}).json()["items"]
    assert [each["action"].partition(".")[2] for each in noted] == ["removed", "resumed", "paused", "changed", "added"]
    assert not [each for each in noted if "key=" in str(each)]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"kind": "mail"}, "/body/kind"),
        ({"url": f"http://{HOST}:9999/robot/send?access_token=t1"}, "/body/url"),
        ({"url": "http://127.0.0.1/send?key=k1"}, "/body/url"),
        ({"secret": "SECx"}, "/body/secret"),
        ({"groups": ["returned", "nothing"]}, "/body/groups/1"),
    ],
)
def test_what_cannot_be_a_robot_is_refused_with_the_field(
    office: httpx.Client, given: dict[str, Any], pointer: str
) -> None:
    answer = office.post(ROBOTS, json={"kind": "wecom", "name": "群", "url": WECOM} | given)
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, [pointer])


def test_no_process_of_the_api_reads_a_robot_s_address_or_secret(system: System) -> None:
    async def look(column: str) -> None:
        database = Database(system.instance.database("notify", "notify_api", "notify_api"))
        try:
            async with database.session() as db:
                await db.value(f"SELECT {column} FROM robot")
        finally:
            await database.close()

    for column in ("url", "secret"):
        with pytest.raises(Exception, match="permission denied"):
            asyncio.run(look(column))
