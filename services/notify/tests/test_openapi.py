"""The API's description can be built, and says what the routes answer."""

from fastapi import FastAPI

from chassis.problems import install
from notify.deliveries.api import router as deliveries
from notify.feed.api import router as feed
from notify.inbox.api import router as inbox
from notify.stream.api import router as stream


def test_each_route_is_described_with_its_answer() -> None:
    app = FastAPI()
    install(app, {})
    for router in (inbox, stream, deliveries, feed):
        app.include_router(router)
    paths = app.openapi()["paths"]
    assert set(paths) == {
        "/inbox",
        "/inbox/summary",
        "/inbox/reading",
        "/inbox/{entry_id}/reading",
        "/stream",
        "/deliveries",
        "/deliveries/{delivery_id}",
        "/deliveries/{delivery_id}/retry",
        "/events",
    }
    assert list(paths["/stream"]["get"]["responses"]["200"]["content"]) == ["text/event-stream"]
