"""How long requests for mails wait, and when their people are looked up again. Pure."""

from datetime import timedelta

SETTLE_SECONDS = 2
"""How long a mail waits after the first event about a thing, so that others of the same moment come with it."""
GROUPED_SETTLE_SECONDS = 5
"""How long a mail about a grouped entry waits after its last event, so that its count is final."""
JOINED_FOR = timedelta(minutes=5)
"""After a mail about a thing, further news of it are kept for so long, and become one mail."""
LONGEST_PAUSE = 300


def pause_seconds(attempts: int) -> int:
    """The pause after so many failed tries: 1, 2, 4, … up to five minutes."""
    return int(min(2 ** min(attempts - 1, 20), LONGEST_PAUSE))
