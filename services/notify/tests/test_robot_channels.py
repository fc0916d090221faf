"""Each kind of robot against a receiver that does what its maker documents, and what holds for all channels."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from notify.deliveries import queue
from services.notify.tests.delivery_bench import SITE, DeliveryBench
from services.notify.tests.receivers import Answer, Message, Receiver, listening
from services.notify.tests.robots import SECRET, Chat

KINDS = ["wecom", "dingtalk", "feishu"]


@contextmanager
def chatting(bench: DeliveryBench, kind: str, code: int = 0) -> Iterator[tuple[Chat, str]]:
    chat = Chat(kind, lambda: bench.now, code)
    with listening(Receiver(chat.answer)) as receiver:
        yield chat, chat.url(receiver)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_message_is_signed_and_formed_as_documented(deliveries: DeliveryBench, kind: str) -> None:
    with chatting(deliveries, kind) as (chat, url):
        robot = await deliveries.robot(kind, url, "" if kind == "wecom" else SECRET)
        await deliveries.letter(kind, robot, body="已完成<@all>[点](http://x)" + "字" * 20_000)
        await deliveries.work_off(deliveries.sending(kind))
    (found,) = await deliveries.look(robot)
    assert (found["state"], found["outcome"], found["attempts"]) == ("sent", "sent", 1)
    (text,) = chat.texts
    assert str(found["id"]) in text and f"{SITE}/lines/1" in text and "进展填报被退回" in text and "…" in text
    assert "<@all>" not in text or kind == "feishu", "nobody is mentioned by what a message tells"


@pytest.mark.parametrize(
    ("kind", "code", "state", "pause"),
    [
        ("wecom", 45009, "sending", timedelta(minutes=1)),
        ("wecom", 93000, "failed", None),
        ("dingtalk", 130101, "sending", timedelta(minutes=10)),
        ("dingtalk", 310000, "failed", None),
        ("dingtalk", 400102, "failed", None),
        ("feishu", 11232, "sending", timedelta(minutes=1)),
        ("feishu", 19021, "failed", None),
        ("feishu", 19001, "failed", None),
        ("wecom", -1, "sending", timedelta(seconds=1)),
    ],
)
async def test_what_a_code_means(
    deliveries: DeliveryBench, kind: str, code: int, state: str, pause: timedelta | None
) -> None:
    with chatting(deliveries, kind, code=code) as (chat, url):
        robot = await deliveries.robot(kind, url)
        await deliveries.letter(kind, robot)
        sending = deliveries.sending(kind)
        await deliveries.work_off(sending)
        (found,) = await deliveries.look(robot)
        assert (found["state"], found["attempts"], found["detail"] != "") == (state, 1, True)
        assert found["error"] == found["reason"] == ("code" if kind == "feishu" else "errcode") + f" {code}"
        if pause:
            assert found["next_try"] - deliveries.now >= pause
            chat.code, chat.secret, deliveries.now = 0, "", found["next_try"]
            await deliveries.work_off(sending)
            assert (await deliveries.look(robot))[0]["state"] == "sent"


@pytest.mark.parametrize("kind", ["dingtalk", "feishu"])
async def test_a_wrong_secret_is_told_and_not_tried_again(deliveries: DeliveryBench, kind: str) -> None:
    with chatting(deliveries, kind) as (chat, url):
        robot = await deliveries.robot(kind, url, "SECother")
        await deliveries.letter(kind, robot)
        await deliveries.work_off(deliveries.sending(kind))
    (found,) = await deliveries.look(robot)
    assert (found["state"], found["outcome"], chat.texts) == ("failed", "failed", [])
    assert "签名不符" in found["detail"]


async def test_no_robot_gets_more_than_it_takes_a_minute(deliveries: DeliveryBench) -> None:
    with chatting(deliveries, "wecom") as (chat, url), chatting(deliveries, "wecom") as (other, second):
        robot, quick = await deliveries.robot("wecom", url), await deliveries.robot("wecom", second)
        await deliveries.letter("wecom", robot, 22)
        await deliveries.letter("wecom", quick, 1)
        sending = deliveries.sending("wecom")
        await deliveries.work_off(sending)
        assert (len(chat.texts), len(other.texts)) == (20, 1)
        deliveries.now += timedelta(seconds=61)
        await deliveries.work_off(sending)
        assert len(set(chat.texts)) == len(chat.texts) == 22


async def test_a_robot_that_is_shut_is_left_alone_with_all_that_waits_for_it(deliveries: DeliveryBench) -> None:
    with chatting(deliveries, "dingtalk", code=410100) as (chat, url):
        robot = await deliveries.robot("dingtalk", url, SECRET)
        await deliveries.letter("dingtalk", robot, 3)
        await deliveries.work_off(deliveries.sending("dingtalk"))
        assert sum(each["attempts"] for each in await deliveries.look(robot)) == 1
        chat.code, deliveries.now = 0, deliveries.now + timedelta(minutes=10, seconds=1)
        await deliveries.work_off(deliveries.sending("dingtalk"))
    assert {each["state"] for each in await deliveries.look(robot)} == {"sent"}
    assert len(chat.texts) == 3


async def test_a_slow_robot_delays_neither_others_nor_other_channels(deliveries: DeliveryBench) -> None:
    release = threading.Event()

    def slowly(message: Message) -> Answer:
        release.wait(30)
        return 200, {}, b'{"errcode":0}'

    with (
        listening(Receiver(slowly)) as slow,
        chatting(deliveries, "wecom") as (chat, url),
        chatting(deliveries, "feishu") as (other, elsewhere),
    ):
        stuck = await deliveries.robot("wecom", Chat("wecom").url(slow))
        quick, feishu = await deliveries.robot("wecom", url), await deliveries.robot("feishu", elsewhere, SECRET)
        await deliveries.letter("wecom", stuck, 5)
        await deliveries.letter("wecom", quick, 5)
        await deliveries.letter("feishu", feishu)
        sending = deliveries.sending("wecom")
        working = asyncio.create_task(deliveries.work_off(sending))
        await deliveries.work_off(deliveries.sending("feishu"))
        async with asyncio.timeout(20):
            while len(chat.texts) < 5 or not slow.messages:  # noqa: ASYNC110 - threads
                await asyncio.sleep(0.01)
        assert (len(slow.messages), len(other.texts)) == (1, 1)
        release.set()
        await working
    assert {each["state"] for each in await deliveries.look(stuck)} == {"sent"}


async def _killed_at_work(bench: DeliveryBench, robot: UUID, receiver: Receiver) -> None:
    """A worker begins to send, and is gone before the answer."""
    await bench.letter("feishu", robot)
    sending = bench.sending("feishu")
    await sending.begin()
    async with asyncio.timeout(20):
        while not receiver.messages:  # noqa: ASYNC110 - threads
            await asyncio.sleep(0.01)
    tasks = list(sending.running)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("found_by", ["restart", "clock"])
async def test_what_a_killed_worker_was_sending_goes_out_again_under_its_id(
    deliveries: DeliveryBench, found_by: str
) -> None:
    release = threading.Event()

    def slowly(message: Message) -> Answer:
        release.wait(30)
        return 200, {}, b'{"code":0}'

    with listening(Receiver(slowly)) as receiver:
        robot = await deliveries.robot("feishu", Chat("feishu").url(receiver))
        await _killed_at_work(deliveries, robot, receiver)
        release.set()
        (left,) = await deliveries.look(robot)
        assert (left["state"], left["outcome"], left["reason"]) == ("sending", "unknown", "interrupted")
        again = deliveries.sending("feishu")
        await deliveries.work_off(again)
        assert len(receiver.messages) == 1, "another one holds it"
        if found_by == "restart":
            await again.release()
        else:
            deliveries.now += queue.HELD
        await deliveries.work_off(again)
    (found,) = await deliveries.look(robot)
    assert (found["state"], found["attempts"]) == ("sent", 2)
    assert [str(found["id"]) in message.body for message in receiver.messages] == [True, True]


async def test_a_try_whose_end_is_not_known_says_so_and_is_repeated(deliveries: DeliveryBench) -> None:
    answers = [b"<html>busy", b'{"errcode":0}']
    with listening(Receiver(lambda message: (200, {}, answers.pop(0)))) as receiver:
        robot = await deliveries.robot("wecom", Chat("wecom").url(receiver))
        await deliveries.letter("wecom", robot)
        sending = deliveries.sending("wecom")
        await deliveries.work_off(sending)
        (found,) = await deliveries.look(robot)
        assert (found["state"], found["outcome"], found["reason"]) == ("sending", "unknown", "answer")
        deliveries.now = found["next_try"]
        await deliveries.work_off(sending)
    assert receiver.messages[0].body == receiver.messages[1].body


async def test_nothing_is_sent_to_a_robot_that_is_paused_or_inside(deliveries: DeliveryBench) -> None:
    with chatting(deliveries, "wecom") as (chat, url):
        paused = await deliveries.robot("wecom", url)
        inside = await deliveries.robot("wecom", url.replace("127.0.0.2", "127.0.0.1"))
        async with deliveries.database.session() as db:
            await db.run("UPDATE robot SET paused = true WHERE id = :id", id=paused)
        for robot in (paused, inside):
            await deliveries.letter("wecom", robot)
        await deliveries.work_off(deliveries.sending("wecom"))
    found = [(await deliveries.look(robot))[0] for robot in (paused, inside)]
    assert [(each["state"], each["reason"]) for each in found] == [("failed", "paused"), ("failed", "address")]
    assert chat.texts == []
