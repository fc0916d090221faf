"""One filing (期次填报): written with drafts that save themselves, and taken along its way."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.attachments import listing
from portal.filings import words
from portal.filings.acts import ACTS, draft
from portal.indicators.rules import figure
from portal.web.api import Missing, Rejected, conditions
from portal.web.visit import UserVisit, Visit

router = APIRouter(prefix="/filings")
API = "/api/progress/v1/filings"
INDICATORS = "/api/progress/v1/indicators"


@router.get("/{filing_id}")
async def filing(visit: Visit, filing_id: UUID) -> Response:
    """One filing with its parts, queries, versions and steps."""
    return await _show(visit, filing_id)


async def _show(visit: UserVisit, filing_id: UUID, act: str = "", problem: Rejected | None = None) -> Response:
    """``act`` is what was tried, and ``problem`` why it was not done: what was typed is kept."""
    shown = await visit.api.get(f"{API}/{filing_id}")
    indicators = await visit.api.get(INDICATORS, jurisdiction=shown["line"]["jurisdiction"], limit=100)
    used = await visit.api.get(f"{API}/{filing_id}/uses") if shown["approved"] else {"items": []}
    typed: dict[str, Any] = {name: value for name, value in visit.form.items() if not name.startswith("_")}
    kept = typed if problem and act in ("fill", "submit") else shown
    return visit.render(
        "filings/filing.html",
        status=problem.status if problem else 200,
        filing=shown,
        indicators=[each for each in indicators["items"] if each["status"] == "confirmed" and each["latest"]],
        figure=figure,
        attached=await listing.of(visit, "filing", filing_id),
        words=words,
        uses={each["number"]: each for each in used["items"]},
        act=act,
        problem=problem,
        typed=typed if problem else {},
        draft={
            name: kept.get(name, "") for name in ("percent", "done", "problems", "next_steps", "finished", "unchanged")
        },
        remarks={each["field"]: each["text"] for each in shown["remarks"]},
    )


@router.post("/{filing_id}")
async def do(visit: Visit, filing_id: UUID) -> Response:
    """Does what the form says, or shows it again with what is wrong. To submit it saves what is written before."""
    name, path = visit.field("act"), f"{API}/{filing_id}"
    if name not in ACTS:
        raise Missing
    act, version = ACTS[name], visit.if_match
    try:
        if name == "submit":
            key = f"{visit.idempotency_key}:save"
            saved = await visit.api.ask("PUT", f"{path}/draft", json=draft(visit), headers=conditions(version, key))
            version = str(saved["version"])
        await visit.api.ask(
            act.method,
            f"{path}/{act.address(visit)}",
            json=act.body(visit),
            headers=conditions(version, visit.idempotency_key),
        )
    except Rejected as problem:
        return await _show(visit, filing_id, name, problem)
    return visit.redirect(f"/filings/{filing_id}", act.done)


@router.post("/{filing_id}/draft")
async def save(visit: Visit, filing_id: UUID) -> Response:
    """Saves the draft of an open page, and gives it the version that it goes on from."""
    headers = conditions(visit.if_match, visit.idempotency_key)
    try:
        saved = await visit.api.ask("PUT", f"{API}/{filing_id}/draft", json=draft(visit), headers=headers)
    except Rejected as problem:
        return visit.render("filings/_saved.html", status=problem.status, saved=None, problem=problem)
    return visit.render("filings/_saved.html", saved=saved, problem=None)
