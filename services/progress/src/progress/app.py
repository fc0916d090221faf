"""The API of progress."""

from fastapi import FastAPI

from chassis import audit, letters
from chassis.app import create
from progress.assessment.api import router as assessments
from progress.assessment.tolerance import router as tolerance
from progress.attachments.api import router as attachments
from progress.attachments.api import uploads
from progress.attachments.files import Files
from progress.bulletins.api import router as bulletins
from progress.calendar.api import router as calendar
from progress.cases.api import router as cases
from progress.cases.evaluation import router as evaluation
from progress.closing.guard import OPEN
from progress.closing.rules import REFUSALS
from progress.comments.api import router as comments
from progress.corrections.api import router as corrections
from progress.deadlines.api import router as deadlines
from progress.desk.api import router as desk
from progress.filings.api import router as filings
from progress.handovers.api import router as handovers
from progress.indicators.api import router as indicators
from progress.indicators.missing_api import router as missing_values
from progress.indicators.values_api import router as indicator_values
from progress.landing.api import router as landing
from progress.lines.api import router as lines
from progress.meetings.api import router as meetings
from progress.meetings.deciding import router as decisions
from progress.milestones.api import router as milestones
from progress.orders.api import router as orders
from progress.overview.api import router as overview
from progress.past.api import router as past
from progress.periods.api import router as periods
from progress.problems.api import router as problems
from progress.replications.api import router as replications
from progress.reports.api import router as reports
from progress.results.api import router as results
from progress.search.api import router as search
from progress.settings import ProgressSettings
from progress.sheets.api import router as sheets
from progress.templates.api import router as templates
from progress.thresholds.api import router as thresholds
from progress.timeline.api import router as timeline

ROUTERS = (
    lines,
    desk,
    reports,
    milestones,
    timeline,
    deadlines,
    search,
    landing,
    thresholds,
    templates,
    calendar,
    periods,
    filings,
    corrections,
    sheets,
    results,
    attachments,
    uploads,
    orders,
    problems,
    cases,
    evaluation,
    replications,
    bulletins,
    meetings,
    decisions,
    indicators,
    indicator_values,
    missing_values,
    handovers,
    comments,
    overview,
    past,
    assessments,
    tolerance,
    audit.router(),
    letters.router(),
)


def app(settings: ProgressSettings | None = None) -> FastAPI:
    """By default with the settings of the environment."""
    told = settings or ProgressSettings()
    made = create("progress", "推进 Progress", told, ROUTERS, dependencies=[OPEN], refusals=REFUSALS)
    made.state.files = Files(told)
    made.state.seen = {}
    return made
