"""Keeps a table of the lines of the granted zones from the events over HTTP, without Kafka.

The cursor stands in the table's own file and is saved in one transaction with the lines, so that the process may be
killed at any moment. An event may come twice, which changes nothing: a line only moves to a later version.
"""

import time
from contextlib import suppress

import httpx

from examples.access import Access, access, arguments
from examples.table import Table

SOURCE, PAGE = "feed", 100
PAUSE_SECONDS = 2.0


def follow(feed: httpx.Client, access: Access, table: Table) -> None:
    """Takes what is there, page by page, then looks again every few seconds, for ever."""
    while True:
        try:
            more = read(feed, access, table)
        except (httpx.TransportError, httpx.HTTPStatusError) as error:
            if isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500:
                raise SystemExit(f"refused: {error.response.text}") from error
            print(f"tries again: {error}")
            more = False
        if not more:
            time.sleep(PAUSE_SECONDS)


def read(feed: httpx.Client, access: Access, table: Table) -> bool:
    """Takes one page; whether there are more."""
    asked, place = {"limit": str(PAGE)}, table.place(SOURCE)
    if place is not None:
        asked["after"] = place
    answer = feed.get("/api/notify/v1/events", params=asked, headers={"Authorization": f"Bearer {access.token()}"})
    page = answer.raise_for_status().json()
    with table.reading(SOURCE, page["next"]):
        for event in page["items"]:
            table.take(event["type"], event["data"])
    return bool(page["more"])


def main() -> None:
    options = arguments("Keeps a table of the lines of the granted zones from the events over HTTP.").parse_args()
    with httpx.Client(base_url=options.gateway, timeout=30) as feed:
        follow(feed, access(options), Table(options.file))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
