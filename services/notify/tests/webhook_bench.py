"""Webhooks of an integrator of the test's own, in the running system's database, with a clock that is far ahead."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chassis.tenancy import Database
from notify.webhooks import queue, store
from notify.webhooks.addresses import networks
from notify.webhooks.delivering import Delivering
from notify.webhooks.sending import Sender
from notify.webhooks.signing import new_secret
from services.notify.tests.receivers import HOST
from services.notify.tests.samples import event, line

T0 = datetime(2100, 1, 1, tzinfo=UTC)
"""So far ahead that the worker of the system leaves what is due then alone."""
BEYOND = 1 << 62


@dataclass
class Bench:
    """An integrator with a zone, its webhooks, and the time."""

    database: Database
    client: str
    tenant: str
    now: datetime = T0
    position: int = BEYOND

    async def webhook(self, url: str, ordering: str = "per_thing", secret: str = "") -> UUID:
        given = {"url": url, "types": [], "tenants": [self.tenant], "ordering": ordering}
        async with self.database.session() as db:
            webhook_id = await store.add(db, self.client, given)
            await db.run("UPDATE webhook SET after = :after WHERE id = :id", after=BEYOND * 2 - 1, id=webhook_id)
            await store.put_secret(db, webhook_id, secret or new_secret())
        return webhook_id

    async def happens(self, webhook_id: UUID, *subjects: str) -> list[str]:
        """An event of each of the things; their ids."""
        told = [event("line.progressed", line=line(self.tenant, id=subject)) for subject in subjects]
        async with self.database.session() as db:
            for each in told:
                self.position += 1
                await db.run(
                    "INSERT INTO event (tenant, position, body) VALUES (:tenant, :position, :body)",
                    tenant=self.tenant,
                    position=self.position,
                    body=f'{{"id":"{each.id}","subject":"{each.subject}"}}',
                )
                await db.run(
                    """
                    INSERT INTO webhook_delivery (webhook_id, tenant, position, message_id, type, subject, next_try)
                    VALUES (:webhook, :tenant, :position, :message, :type, :subject, :now)
                    """,
                    webhook=webhook_id,
                    tenant=self.tenant,
                    position=self.position,
                    message=str(each.id),
                    type=each.type,
                    subject=each.subject,
                    now=T0,
                )
        return [str(each.id) for each in told]

    def delivering(self, **sender: Any) -> Delivering:
        allowed = networks(f"{HOST}/32")
        return Delivering(self.database, Sender(allowed, **sender), self.client, lambda: self.now)

    async def look(self, webhook_id: UUID) -> list[dict[str, Any]]:
        """The deliveries with their newest tries, in their order."""
        async with self.database.session() as db:
            rows = await db.rows(
                """
                SELECT d.state, d.next_try, d.attempts, a.reason, a.detail, a.address, a.status
                FROM webhook_delivery d
                LEFT JOIN webhook_attempt a ON a.delivery_id = d.id AND a.number = d.attempts
                WHERE d.webhook_id = :id ORDER BY d.position
                """,
                id=webhook_id,
            )
        return [dict(row) for row in rows]

    async def standing(self, webhook_id: UUID) -> Any:
        async with self.database.session() as db:
            return await queue.standing(db, webhook_id)

    async def mails(self) -> int:
        async with self.database.session() as db:
            address = f"{self.client}@example.com"
            return int(await db.value("SELECT count(*) FROM delivery WHERE address = :address", address=address))

    async def run(self, sql: str) -> None:
        async with self.database.session() as db:
            await db.run(sql, client=self.client)
