"""How long requests for mails wait, and when their people are looked up again. Pure."""

from datetime import timedelta

SETTLE_SECONDS = 2
GROUPED_SETTLE_SECONDS = 5
JOINED_FOR = timedelta(minutes=5)
"""After a mail about a thing, further news of it are kept for so long, and become one mail."""
LONGEST_PAUSE = 300


def settle_seconds(*, grouped: bool) -> int:
    """How long a mail waits: after the last event of a grouped entry, so that its count is final; after the first one
    about a thing, so that others of the same moment come with it.
    """
    return GROUPED_SETTLE_SECONDS if grouped else SETTLE_SECONDS


def pause_seconds(attempts: int) -> int:
    """The pause after so many failed tries: 1, 2, 4, … up to five minutes."""
    return int(min(2 ** min(attempts - 1, 20), LONGEST_PAUSE))
