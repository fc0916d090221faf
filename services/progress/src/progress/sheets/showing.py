"""Sheets as they are shown: row by row, held against the filings as they are now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.auth import Caller
from chassis.tenancy import RowMapping
from progress.filings import rules as filings
from progress.filings.guards import acting
from progress.sheets import rules
from progress.sheets.rules import Judged, Kept, Named, Status
from progress.sheets.schemas import Concern, SheetOut


@dataclass(frozen=True)
class Own:
    """The filings of the caller in the period, and the titles of the periods of others that a sheet names."""

    named: Mapping[UUID, Named]
    elsewhere: Mapping[UUID, str]


READ = ("row", "percent", "done", "problems", "next_steps", "finished", "unchanged", "received_on")
SINCE = "下载后该填报已被修改；默认不覆盖。"


def sound(rows: list[Kept], own: Own) -> list[Kept]:
    """The rows, with an error for each that names a filing which is not its own."""
    return [_named(row, own) for row in rows]


def _named(row: Kept, own: Own) -> Kept:
    if row["filing"] is None:
        return row
    filing_id = UUID(row["filing"])
    wrong = rules.named_wrongly(row, own.named.get(filing_id), own.elsewhere.get(filing_id))
    error = {"cell": row["at"], "column": rules.TITLE, "detail": wrong}
    return row | {"errors": [*row["errors"], error]} if wrong else row


def sheet(found: RowMapping, own: Own, caller: Caller, today: date, *, takeover: bool) -> SheetOut:
    rows = [_row(row, own, caller, today, takeover=takeover) for row in sound(found["rows"], own)]
    errors = sum(len(row["errors"]) for row in rows)
    counts = Counter(row["status"] for row in rows)
    given = {name: found[name] for name in ("id", "period_id", "office", "filename", "created_by", "created_at")}
    actions = ["confirm"] if rows and not errors else []
    shown = {"takeover": takeover, "rows": rows, "errors": errors, "actions": actions}
    return SheetOut.model_validate(given | shown | {"counts": {status: counts[status] for status in Status}})


def _row(row: Kept, own: Own, caller: Caller, today: date, *, takeover: bool) -> dict[str, Any]:
    shown = {name: row[name] for name in READ} | {"errors": row["errors"]}
    if row["errors"]:
        said = {"filing_id": None, "number": row["number"], "title": row["title"], "place": "", "office_name": ""}
        return shown | said | {"status": Status.WRONG, "changes": [], "warnings": []}
    named = own.named[UUID(row["filing"])]
    judged = rules.judge(row, named, acting(caller, named.filing), today, takeover=takeover)
    names = {"number": named.number, "title": named.title, "place": named.place, "office_name": named.office}
    return (
        shown
        | names
        | {
            "filing_id": named.filing.id,
            "status": judged.status,
            "changes": rules.changes(judged, named.filing),
            "warnings": _warnings(judged, named, takeover=takeover),
        }
    )


def _warnings(judged: Judged, named: Named, *, takeover: bool) -> list[dict[str, str]]:
    found: list[tuple[Concern, str]] = []
    if judged.stale:
        found.append((Concern.CHANGED_SINCE, SINCE))
    if judged.problem:
        found.append((Concern.BLOCKED, judged.problem))
    if judged.status is Status.CHANGED and judged.content and not takeover:
        found += [
            (Concern.DOUBT, doubt) for doubt in filings.doubts(judged.content, named.last, named.attachments).values()
        ]
    return [{"what": what, "detail": detail} for what, detail in found]
