"""Corrections (更正): what one would change, and what those that were approved did change."""

from uuid import UUID

from fastapi import Response

from chassis.problems import NotFound
from chassis.routing import Router, answer
from chassis.tenancy import Db
from progress.access import READ
from progress.corrections import store
from progress.corrections.schemas import UsesOut
from progress.filings import rules
from progress.filings import store as filings

router = Router(tags=["filings"])


@router.get("/filings/{filing_id}/uses", response_model=UsesOut, dependencies=[READ])
async def uses(filing_id: UUID, db: Db) -> Response:
    """What reads each approved version of a filing (引用情况): what a correction concerns, before it and after."""
    if await filings.get(db, filing_id) is None:
        raise NotFound
    found, versions = await store.uses(db, filing_id), [dict(row) for row in await filings.versions(db, filing_id)]
    shown = [
        {
            "number": version["number"],
            "percent": version["percent"],
            "changes": rules.changes(before, version) if before else [],
            "uses": found.get(version["number"], []),
        }
        for before, version in zip([None, *versions], versions, strict=False)
    ]
    return answer(UsesOut.model_validate({"items": shown[::-1]}))
