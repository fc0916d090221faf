"""Channels of the test's own in the running system's database, with a clock that is far ahead."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.tenancy import Database
from notify.channels._robots import Robots
from notify.deliveries import store
from notify.deliveries.sending import Sending
from notify.deliveries.store import Letter
from notify.robots import rules
from notify.robots import store as robots
from notify.webhooks.addresses import networks
from notify.webhooks.sending import Sender
from services.notify.tests.receivers import HOST

T0 = datetime(2100, 1, 1, tzinfo=UTC)
SITE = "https://portal.example"


@dataclass
class DeliveryBench:
    """Robots of an office of the test's own; no worker of the system knows the channels by the names used here."""

    database: Database
    office: str = field(default_factory=lambda: f"unit:t{uuid4().hex[:8]}")
    now: datetime = T0

    async def robot(self, kind: str, url: str, secret: str = "", **given: Any) -> UUID:
        known = {"kind": kind, "name": "工作群", "url": url, "shown": rules.shown(url), "secret": secret, "groups": []}
        async with self.database.session() as db:
            return await robots.add(db, self.office, known | given)

    def channel(self, kind: str) -> str:
        return f"{kind}-{self.office}"

    async def letter(self, kind: str, robot: UUID, count: int = 1, body: str = "已完成系统对接") -> None:
        letters = [
            Letter(self.channel(kind), str(robot), f"{number}", "进展填报被退回", body, "/lines/1", T0, due=T0)
            for number in range(count)
        ]
        async with self.database.session() as db:
            await store.deliver(db, letters)

    def sending(self, kind: str, **sender: Any) -> Sending:
        outside = Sender(networks(f"{HOST}/32"), **sender)
        channel = Robots(rules.kinds()[kind], self.database, outside, lambda: self.now)
        return Sending(
            self.database,
            self.channel(kind),
            channel,
            worker=self.office,
            gateway_url=SITE,
            now=lambda: self.now,
        )

    async def work_off(self, sending: Sending) -> None:
        """Until nothing is due any more."""
        await sending.begin()
        while sending.running:
            await asyncio.wait(sending.running, return_when=asyncio.FIRST_COMPLETED)
            await sending.begin()

    async def look(self, robot: UUID) -> list[dict[str, Any]]:
        """The deliveries with their newest tries, oldest first."""
        async with self.database.session() as db:
            rows = await db.rows(
                """
                SELECT d.id, d.state, d.next_try, d.attempts, d.error, d.masked, a.outcome, a.reason, a.detail
                FROM delivery d LEFT JOIN delivery_attempt a ON a.delivery_id = d.id AND a.number = d.attempts
                WHERE d.address = :address ORDER BY d.id
                """,
                address=str(robot),
            )
        return [dict(row) for row in rows]

    async def forget(self) -> None:
        async with self.database.session() as db:
            of_office = "(SELECT CAST(id AS text) FROM robot WHERE office = :office)"
            await db.run(f"DELETE FROM delivery WHERE address IN {of_office}", office=self.office)
            await db.run("DELETE FROM robot WHERE office = :office", office=self.office)
