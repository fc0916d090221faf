"""A task of the worker: sends what is due by SMTP, one mail after the other."""

import asyncio
import contextlib
from uuid import UUID

import aiosmtplib
from prometheus_client import Counter
from sqlalchemy import RowMapping

from chassis import clock, telemetry
from chassis.tenancy import Database
from notify.mail import rules, store
from notify.mail.message import compose
from notify.settings import NotifySettings

MAILS = Counter("zoneportal_mails_total", "Tries to send a mail", ["outcome"])
TIMEOUT_SECONDS = 15
REST_SECONDS = 0.5
LONGEST_REST = 30


class Sending:
    """A delivery stays locked while the server is talked to, so a killed worker leaves it to the next one at once."""

    def __init__(self, settings: NotifySettings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._failures = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Looks for due deliveries twice a second until ``stop`` is set; rests longer while the server is away."""
        while not stop.is_set():
            rest = REST_SECONDS
            try:
                if await self._send_next():
                    rest = min(rules.pause_seconds(self._failures), LONGEST_REST) if self._failures else 0.0
            except Exception as error:
                telemetry.log.warning("sending interrupted: %s: %s", type(error).__name__, error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), rest)

    async def _send_next(self) -> bool:
        """Whether there was something to send."""
        async with self._database.session() as db:
            delivery_id = await store.begin_try(db)
        if delivery_id is None:
            return False
        async with self._database.session() as db:
            delivery = await store.lock_try(db, delivery_id)
            if delivery is None:
                return True
            try:
                await self._send(delivery)
            except Exception as error:
                verdict = rules.judge(error, delivery["created_at"], clock.now())
                self._note_failure(delivery_id, error, verdict)
                pause = None if verdict.final else rules.pause_seconds(delivery["attempts"])
                await store.failed(db, delivery_id, verdict.reason, pause)
            else:
                self._failures = 0
                MAILS.labels("sent").inc()
                await store.sent(db, delivery_id)
        return True

    def _note_failure(self, delivery_id: UUID, error: Exception, verdict: rules.Verdict) -> None:
        away = isinstance(error, OSError | aiosmtplib.SMTPConnectError | aiosmtplib.SMTPServerDisconnected)
        self._failures = self._failures + 1 if away else 0
        MAILS.labels("failed" if verdict.final else "postponed").inc()
        telemetry.log.warning("mail %s not sent: %s", delivery_id, verdict.reason)

    async def _send(self, delivery: RowMapping) -> None:
        settings = self._settings
        message = compose(
            sender=settings.mail_from,
            address=delivery["address"],
            message_id=rules.message_id(delivery["entry_id"], delivery["address"], settings.mail_from),
            title=delivery["title"],
            body=delivery["body"],
            url=settings.gateway_url.rstrip("/") + delivery["href"],
            at=delivery["at"],
        )
        await aiosmtplib.send(
            message,
            sender=settings.mail_from,
            recipients=[delivery["address"]],
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=TIMEOUT_SECONDS,
        )
