"""E-mail by SMTP (电子邮件). Each try of a mail has the same Message-ID."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import aiosmtplib

from notify.channels import Channel, Limit, Means, Message, Outcome, Result
from notify.channels._letter import compose
from notify.settings import NotifySettings

WORDS = ("电子邮件", "E-mail")
TIMEOUT_SECONDS = 15
AT_ONCE = 4
REST = timedelta(seconds=5)


@dataclass(frozen=True)
class Mail:
    settings: NotifySettings
    at_once: int = AT_ONCE
    limits: tuple[Limit, ...] = ()

    async def send(self, message: Message) -> Result:
        settings = self.settings
        try:
            letter = compose(
                sender=settings.mail_from,
                address=message.address,
                message_id=message_id(message.id, settings.mail_from),
                title=message.title,
                body=message.body,
                url=message.url,
                at=message.at,
            )
        except ValueError:
            return Result(Outcome.FAILED, "address", "不是可以投递的邮箱地址。")
        try:
            await aiosmtplib.send(
                letter,
                sender=settings.mail_from,
                recipients=[message.address],
                hostname=settings.smtp_host,
                port=settings.smtp_port,
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            return judge(error)
        return Result(Outcome.SENT)


def channel(means: Means) -> Channel:
    return Mail(means.settings)


def message_id(message: UUID, sender: str) -> str:
    return f"<{message}@{sender.rpartition('@')[2]}>"


def judge(error: Exception) -> Result:
    """Final when the server refuses the recipient or the mail for good (5xx). Only who cannot be connected to is away:
    what ends a connection may be the mail or its address, which alone rests then.
    """
    if code := _code(error):
        refused = isinstance(error, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPDataError) and code >= 500
        return Result(
            Outcome.FAILED if refused else Outcome.LATER,
            f"SMTP {code}",
            f"邮件服务器应答 {code}。",
            away=isinstance(error, aiosmtplib.SMTPConnectError),
        )
    if isinstance(error, aiosmtplib.SMTPConnectError):
        return Result(Outcome.LATER, "connection", "邮件服务器无法连接。", away=True)
    if isinstance(error, TimeoutError):
        return Result(Outcome.UNKNOWN, "timeout", "邮件服务器没有在时限内应答，邮件可能已经送出。", REST)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Result(Outcome.UNKNOWN, "disconnected", "与邮件服务器的连接中断，邮件可能已经送出。", REST)
    return Result(Outcome.LATER, type(error).__name__, "邮件没有送出。", REST)


def _code(error: Exception) -> int:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return max((refusal.code for refusal in error.recipients), default=0)
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
