"""Returning a draft that a zone handed in (退回), with remarks: its plan is the zone's to write on again."""

from catalog import publishing
from catalog.editions import rules, store
from catalog.manuscripts import events as manuscript_events
from catalog.manuscripts import store as manuscripts
from chassis import audit
from chassis.problems import NotFound
from chassis.routing import check
from chassis.tenancy import Session


async def give_back(db: Session, name: store.Name, remarks: str, if_match: int, by: str) -> None:
    """Raises NotFound, AlreadyPublished, AlreadyReturned, NobodysToReturn, 412."""
    await publishing.lock(db)
    edition = await store.get(db, name)
    if edition is None:
        raise NotFound
    check(edition["version"], if_match)
    rules.must_be_returnable(edition["number"], edition["returned_at"] is not None, edition["tenant"])
    plan = edition["tenant"]
    after = await store.give_back(db, edition["id"], remarks, by)
    await manuscripts.returned(db, edition, remarks, by)
    await manuscript_events.tell(db, "returned", plan, edition["id"], remarks)
    await audit.record(db, "edition.returned", "edition", edition["id"], None, after, tenant=plan, reason=remarks)
