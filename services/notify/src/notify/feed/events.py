"""In: every event on ``progress.*`` is kept as it came, whatever its type."""

from chassis.handling import Every, Together
from notify.feed import store

GROUP = "notify.feed"
HANDLERS = Every(Together(store.add))
