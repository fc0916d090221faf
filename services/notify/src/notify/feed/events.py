"""In: every event on ``progress.*`` is kept as it came, whatever its type."""

from chassis.handling import Every, Together
from notify.feed import store

GROUP = "notify.feed"
PACE_SECONDS = 0.2
"""Nobody waits for the feed as for news: its readers ask, and webhooks are looked at three times a second."""
HANDLERS = Every(Together(store.add))
