"""The worker of progress: follows the catalog, publishes the outbox, does the chores of the clock."""

from chassis.inbox import Consumer
from chassis.measuring import CONSUMED, OUTBOX, Measuring
from chassis.outbox import Publisher
from chassis.process import run_worker
from chassis.tenancy import Database
from progress.attachments.files import Files
from progress.attachments.sweeping import Sweeper
from progress.catalog_copy import events as catalog_copy
from progress.clockwork import Clockwork
from progress.indicators import first_set
from progress.indicators import reminding as missing_values
from progress.lines import daily, opening, stalling
from progress.measures import STANDING
from progress.meetings import reminding as decisions
from progress.milestones import daily as milestones
from progress.orders import taking as orders
from progress.past import daily as past
from progress.periods import reminding
from progress.problems import reminding as problems
from progress.rebuild import CATALOG
from progress.reminders import daily as deadlines
from progress.replications import reminding as replications
from progress.settings import ProgressSettings
from progress.topics import Topics

CHORES = (
    past.close,
    daily.judge,
    stalling.watch,
    milestones.remind,
    reminding.remind,
    missing_values.remind,
    orders.urge,
    problems.remind,
    decisions.remind,
    replications.remind,
    deadlines.remind,
    first_set.load,
)
"""In their order: a day is closed before the next one begins."""


async def work() -> None:
    """Until SIGTERM or SIGINT."""
    settings = ProgressSettings()
    database = Database(settings.database_url, most=12)
    topics = Topics(settings)
    handlers = catalog_copy.handlers(topics) | opening.handlers(topics)
    chores = (*CHORES, Sweeper(Files(settings)).sweep)
    consumer = Consumer(settings, database, "progress", "progress.catalog", [CATALOG], handlers)
    try:
        measuring = Measuring(settings.database_url, (*OUTBOX, *CONSUMED, *STANDING))
        tasks = [consumer.run, Publisher(settings).run, Clockwork(database, chores).run, measuring.run]
        await run_worker(settings, database.ready, tasks)
    finally:
        await database.close()
