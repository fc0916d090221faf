"""What the portal asks progress for where it shows deadlines by month, and the feed of them."""

from pact import Pact, match

from contracts.consumers.messages import DAY, a_uuid, get

API = "/api/progress/v1"
NO_FEED = "a person without a feed"


def add(pact: Pact, turns: str) -> None:
    """``turns`` is the state in which an order waits for the office until June 2030."""
    item = {
        "kind": "order",
        "id": a_uuid(),
        "line_id": None,
        "due": DAY,
        "title": match.str("推进口岸开放"),
        "place": None,
    }
    month = {"month": match.regex("2030-06", regex=r"^20\d\d-\d\d$"), "limit": "200"}
    found = {"items": match.array_containing([item]), "next": None}
    get(pact, "what is due in a month", f"{API}/deadlines", month, found, turns)
    get(pact, "whether there is a feed", f"{API}/calendar-feed", {}, {"made_at": None}, NO_FEED)
