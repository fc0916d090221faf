"""When a mail is sent, when tried again, when given up, and by which id its repeats are known. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import aiosmtplib

SETTLE_SECONDS = 2
GROUPED_SETTLE_SECONDS = 5
JOINED_FOR = timedelta(minutes=5)
"""After a mail about a thing, further news of it are kept for so long, and become one mail."""
LONGEST_PAUSE = 300
GIVE_UP_AFTER = timedelta(days=3)


def settle_seconds(*, grouped: bool) -> int:
    """How long a mail waits: after the last event of a grouped entry, so that its count is final; after the first one
    about a thing, so that others of the same moment come with it.
    """
    return GROUPED_SETTLE_SECONDS if grouped else SETTLE_SECONDS


def pause_seconds(attempts: int) -> int:
    """The pause after so many failed tries: 1, 2, 4, … up to five minutes."""
    return int(min(2 ** min(attempts - 1, 20), LONGEST_PAUSE))


def message_id(entry_id: UUID, address: str, sender: str) -> str:
    """The same for each try of a mail, so that a receiver can tell a repeat."""
    return f"<{uuid5(entry_id, address.casefold())}@{sender.rpartition('@')[2]}>"


@dataclass(frozen=True)
class Verdict:
    """What a failed try means. ``reason`` names no person and no business: operators read it."""

    final: bool
    reason: str


def judge(error: Exception, created_at: datetime, now: datetime) -> Verdict:
    """Final when the server refuses the recipient or the mail for good (5xx), or after three days of trying."""
    code = _code(error)
    reason = f"SMTP {code}" if code else type(error).__name__
    refused = isinstance(error, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPDataError) and code >= 500
    return Verdict(refused or now - created_at > GIVE_UP_AFTER, reason)


def _code(error: Exception) -> int:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return max((refusal.code for refusal in error.recipients), default=0)
    return error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
