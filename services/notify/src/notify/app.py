"""The API of notify."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis import audit, letters
from chassis.app import create
from chassis.serving import at_stop
from notify.announcements.api import router as announcements
from notify.deliveries.api import router as deliveries
from notify.feed.api import router as feed
from notify.inbox.api import router as inbox
from notify.integrators.api import router as integrators
from notify.preferences.api import router as preferences
from notify.robots.api import router as robots
from notify.settings import NotifySettings
from notify.stream.api import router as stream
from notify.stream.hub import running
from notify.webhooks.addresses import networks
from notify.webhooks.api import router as webhooks
from notify.webhooks.sending import Sender


def app(settings: NotifySettings | None = None) -> FastAPI:
    """By default with the settings of the environment."""
    told = [inbox, preferences, announcements, stream, deliveries, robots]
    routers = [*told, feed, integrators, webhooks, audit.router(), letters.router()]
    return create("notify", "消息 Notify", settings or NotifySettings(), routers, lifespan=_life)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    async with running(app.state.database) as hub:
        app.state.hub = hub
        app.state.webhooks = sender = Sender(networks(app.state.settings.webhook_networks))
        at_stop(app, hub.end)
        yield
        await sender.close()
