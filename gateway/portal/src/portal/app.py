"""The portal: the pages of all features."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from chassis import telemetry
from chassis.app import add_health
from chassis.serving import at_stop
from chassis.tenancy import Database
from portal.about.pages import router as about
from portal.announcements.pages import router as announcements
from portal.appearance.pages import router as appearance
from portal.assessments.pages import router as assessments
from portal.attachments.pages import router as attachments
from portal.bulletins.pages import router as bulletins
from portal.cases.pages import router as cases
from portal.cases.public import router as public_cases
from portal.cockpit.pages import router as cockpit
from portal.compare.pages import router as compare
from portal.deadlines.pages import router as deadlines
from portal.deliveries.pages import router as deliveries
from portal.deputies.pages import router as deputies
from portal.desk.pages import router as desk
from portal.documents.pages import router as documents
from portal.editions.pages import router as editions
from portal.exports.making import Making
from portal.exports.pages import router as exports
from portal.filings.pages import router as filings
from portal.handovers.pages import router as handovers
from portal.imports.pages import router as imports
from portal.inbox.pages import router as inbox
from portal.indicators.pages import router as indicators
from portal.integrators.pages import router as integrators
from portal.interfaces.pages import router as interfaces
from portal.interfaces.reading import Events
from portal.landing.pages import router as landing
from portal.language.pages import router as language
from portal.letters.pages import router as letters
from portal.lines.chosen import router as chosen_lines
from portal.lines.pages import router as lines
from portal.live.pages import router as live
from portal.login.pages import router as login
from portal.manuscripts.pages import router as manuscripts
from portal.meetings.pages import router as meetings
from portal.orders.pages import router as orders
from portal.overview.pages import router as overview
from portal.past.pages import router as past
from portal.people.importing import router as people_sheets
from portal.people.pages import router as people
from portal.periods.pages import router as periods
from portal.periods.sheets import router as sheets
from portal.planning.pages import router as planning
from portal.plans.pages import router as plans
from portal.preferences.pages import router as preferences
from portal.problems.pages import router as problems
from portal.replications.pages import router as replications
from portal.robots.pages import router as robots
from portal.search.pages import router as search
from portal.session.keeper import Sessions
from portal.session.oidc import Oidc
from portal.settings import PortalSettings
from portal.tasks.pages import router as tasks
from portal.timeline.pages import router as timeline
from portal.trail.pages import router as trail
from portal.units.pages import router as units
from portal.views.pages import router as views
from portal.web import api, failures, templates
from portal.web.assets import Assets
from portal.web.cookies import Cookies
from portal.web.language import Language
from portal.web.organizations import Organizations
from portal.web.security import SecurityHeaders
from portal.webhooks.pages import router as webhooks
from portal.zones.pages import router as zones
from portal.zones.setup import router as zone_setup

ROUTERS = (
    desk,
    deputies,
    deadlines,
    inbox,
    preferences,
    announcements,
    live,
    login,
    language,
    appearance,
    about,
    tasks,
    plans,
    imports,
    handovers,
    manuscripts,
    editions,
    zones,
    zone_setup,
    units,
    views,
    chosen_lines,
    lines,
    orders,
    problems,
    overview,
    cockpit,
    assessments,
    indicators,
    past,
    compare,
    timeline,
    search,
    exports,
    documents,
    landing,
    periods,
    sheets,
    filings,
    attachments,
    cases,
    public_cases,
    replications,
    planning,
    bulletins,
    meetings,
    trail,
    interfaces,
    integrators,
    people_sheets,
    people,
    webhooks,
    deliveries,
    robots,
    letters,
)


def app() -> FastAPI:
    settings = PortalSettings()
    database = Database(settings.database_url)
    portal = FastAPI(
        title="门户 Portal",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
        lifespan=_life,
        telemetry=telemetry.NO_PROBES,
    )
    portal.state.settings = settings
    portal.state.database = database
    portal.state.sessions = Sessions(database, Oidc(settings))
    api_url = settings.api_url or settings.gateway_url
    portal.state.http = api.client(api_url, most=100)
    portal.state.organizations = Organizations()
    portal.state.making = Making(
        database, portal.state.sessions, portal.state.organizations, portal.state.http, settings.instance
    )
    portal.state.streams = api.client(api_url, most=None)
    portal.state.cookies = Cookies(secure=settings.secure)
    portal.state.events = Events(settings.contracts)
    portal.state.templates = templates.environment()
    portal.add_middleware(Language)
    portal.add_middleware(SecurityHeaders, settings=settings)
    portal.add_middleware(telemetry.Trace)
    failures.install(portal)
    add_health(portal, database.ready)
    portal.mount("/static", Assets())  # asked first: to pass the pages of all features costs more than a file
    for router in ROUTERS:
        portal.include_router(router)
    return portal


@asynccontextmanager
async def _life(portal: FastAPI) -> AsyncIterator[None]:
    portal.state.stopping = asyncio.Event()
    at_stop(portal, portal.state.stopping.set)
    sessions, making = portal.state.sessions, portal.state.making
    keeping = (sessions.keep_removing(), sessions.keep_watching(), making.keep_making())
    tasks = [asyncio.create_task(each) for each in keeping]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await portal.state.http.aclose()
        await portal.state.streams.aclose()
        await portal.state.database.close()
