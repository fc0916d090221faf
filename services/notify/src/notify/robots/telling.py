"""What the robots of an audience are told: the news that its office gets, once they have settled."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.events import uuid7
from chassis.tenancy import Session
from notify.deliveries.store import Letter
from notify.robots import rules, store


async def letters(db: Session, audience: str, kinds: Collection[str], letter: Letter) -> list[Letter]:
    """The letter, which tells news of these kinds, to each robot of the audience that wants one of them."""
    return [
        replace(letter, channel=robot["kind"], address=str(robot["id"]), shown=robot["name"])
        for robot in await store.of_office(db, audience)
        if rules.wants(robot["groups"], kinds)
    ]


def test(robot: Mapping[str, Any], sender: str, now: datetime) -> Letter:
    """What shows the people of a chat that its robot is set up."""
    return Letter(
        robot["kind"],
        str(robot["id"]),
        f"test/{uuid7()}",
        "测试消息",
        f"这是{sender}发送的测试消息。群里看到它，说明机器人配置正确。",
        "/robots",
        now,
        shown=robot["name"],
    )
