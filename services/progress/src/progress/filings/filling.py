"""Drafts: what the page saves by itself, and what members give."""

from datetime import date

from chassis.tenancy import Session
from progress.access import actor
from progress.filings import rules, store
from progress.filings.guards import acting
from progress.filings.rules import Action, Content, Filing
from progress.filings.schemas import DraftIn


async def fill(db: Session, filing: Filing, given: DraftIn, today: date) -> None:
    """Saves a draft of a filing that the transaction holds (``store.lock``).

    What is marked as unchanged says what was approved last, whatever else is given.
    Raises NotPermitted or NotNow, before anything is changed. A draft is nobody's word yet: no event, no audit entry.
    """
    assert db.caller is not None  # noqa: S101 - offices fill in
    rules.authorize(Action.FILL, acting(db.caller, filing), filing, today)
    content = Content(given.percent, given.done, given.problems, given.next_steps, given.finished)
    last = (await store.lasts(db, [filing.id])).get(filing.id) if given.unchanged else None
    await store.save(db, [(filing.id, last or content, last is not None)], db.caller.name)


async def contribute(db: Session, filing: Filing, text: str) -> None:
    """A member's part, for the office that files."""
    assert db.caller is not None  # noqa: S101 - members write
    await store.give_part(db, filing.id, actor(db.caller).unit or "", text, db.caller.name)
