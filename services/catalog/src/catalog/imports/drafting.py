"""Confirming an import into a draft edition."""

from dataclasses import dataclass

from catalog.editions import store as editions
from catalog.imports.preparation import Prepared
from catalog.manuscripts import store as manuscripts
from catalog.zones import rules as zones
from chassis import audit
from chassis.problems import Forbidden
from chassis.tenancy import Session


@dataclass(frozen=True)
class Draft:
    """A draft edition as it is shown."""

    body: bytes
    version: int


def check_office(prepared: Prepared) -> None:
    """403 when a city's notice has anything but the implementation plan of its own zone (实施方案), 409 when that is
    closed.
    """
    tenant = prepared.imported["tenant"]
    for zone in prepared.present.zones:
        if zone["code"] == tenant:
            zones.must_be_open(zone)
    if tenant is not None and {plan.code for plan in prepared.proposal.plans} != {tenant}:
        raise Forbidden("片区只能导入本片区的实施方案。")


async def draft(db: Session, prepared: Prepared, created_by: str) -> tuple[Draft | None, bool]:
    """The draft of an import and whether it is new; None when the import changes nothing.

    An import whose draft still stands gets no second one. The caller holds the catalog's lock.
    """
    if prepared.unchanged:
        return None, False
    standing = await editions.open_draft(db, prepared.imported["id"])
    if standing is None:
        await manuscripts.answered(db, list(prepared.proposal.replaced))
        plans = sorted(prepared.proposal.replaced | {plan.code for plan in prepared.proposal.plans})
        made = await editions.draft(db, prepared.imported, plans, prepared.comparison, created_by)
        await audit.record(db, "edition.drafted", "edition", made["id"], None, made, tenant=made["tenant"])
        edition_id, version = made["id"], made["version"]
    else:
        edition_id, version = standing["id"], standing["version"]
    body = await editions.shown(db, edition_id)
    return Draft(body or b"", version), standing is None
