"""What the robots of an audience are told: the news that its office gets, once they have settled."""

from collections.abc import Collection
from dataclasses import replace

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
