"""How long requests for mails wait, and when their people are looked up again. Pure."""

SETTLE_SECONDS = 5
LONGEST_PAUSE = 300


def settle_seconds(*, grouped: bool) -> int:
    """How long a mail waits after the last event of its entry, so that the count of a grouped one is final."""
    return SETTLE_SECONDS if grouped else 0


def pause_seconds(attempts: int) -> int:
    """The pause after so many failed tries: 1, 2, 4, … up to five minutes."""
    return int(min(2 ** min(attempts - 1, 20), LONGEST_PAUSE))
