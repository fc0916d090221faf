"""What the portal asks progress for where offices file by Excel, hand work over and see how they are assessed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pact import Pact, match

from chassis.spreadsheets import MEDIA_TYPE
from contracts.consumers.messages import DAY, INSTANT, a_uuid, get
from contracts.consumers.workbooks import workbook

API = "/api/progress/v1"
PERIOD, SHEET = "01890000-0000-7000-8000-0000000000a1", "01890000-0000-7000-8000-0000000000a2"
"""Stand for the ids of a period with an uploaded sheet of the office, in which one row changes percent and text."""
FILLED_PERIOD, FILLED_SHEET = "01890000-0000-7000-8000-0000000000a3", "01890000-0000-7000-8000-0000000000a4"
"""Such as well, which is confirmed."""
LINE, OWNED_LINE = "01890000-0000-7000-8000-0000000000a5", "01890000-0000-7000-8000-0000000000a6"
"""A line for which the office has named nobody yet, and one that is all that ``GIVER`` has."""
NAMED_LINE = "01890000-0000-7000-8000-0000000000a9"
"""A line for which somebody is named."""
HANDOVER, ASSESSMENT = "01890000-0000-7000-8000-0000000000a7", "01890000-0000-7000-8000-0000000000a8"
PAST = match.regex("2026-09-30", regex=r"^\d{4}-\d\d-\d\d$")
A_GIVER = "a line of somebody who hands over"
GIVER, RECEIVER, ACCOUNT = "契约交出人", "契约接手人", "hefei.admin"


def add(pact: Pact) -> None:
    _sheets(pact)
    _handovers(pact)
    _results(pact)
    period = {"id": a_uuid(), "title": match.str("三季度报告"), "starts": PAST, "ends": PAST}
    get(pact, "the periods", f"{API}/periods", {"limit": "25"}, {"items": match.each_like(period, min=1)})


def _sheets(pact: Pact) -> None:
    for period, sheet in ((PERIOD, SHEET), (FILLED_PERIOD, FILLED_SHEET)):
        what = "of its own" if sheet == SHEET else "to confirm"
        brief: dict[str, Any] = {"id": period, "title": match.str("三季度报告"), "takeover": False}
        brief |= dict.fromkeys(("due", "grace", "locks"), DAY)
        get(pact, f"a period with a sheet {what}", f"{API}/periods/{period}", {}, brief)
        get(pact, f"a sheet {what}", f"{API}/periods/{period}/sheets/{sheet}", {}, _sheet(sheet))
    file = pact.upon_receiving("the sheet to fill in").with_request("GET", f"{API}/periods/{PERIOD}/sheet")
    file.will_respond_with(200).with_header("Content-Type", MEDIA_TYPE)
    _upload(pact)
    given = {"submit": False, "overwrite": False, "confidence": None}
    confirming = pact.upon_receiving("the confirmation of a sheet")
    confirming.with_request("POST", f"{API}/periods/{FILLED_PERIOD}/sheets/{FILLED_SHEET}/confirmation")
    confirming.with_body(given, "application/json")
    outcomes = ("same", "blank", "filled", "submitted", "taken_over", "refused")
    result = {"row": match.int(2), "title": match.str("推进口岸开放"), "problem": None}
    confirming.will_respond_with(200).with_body(
        {"counts": {name: match.int(1) for name in outcomes}, "results": match.each_like(result, min=1)},
        "application/json",
    )


def _upload(pact: Pact) -> None:
    """A row of no filing is an error in the preview, and no reason to refuse the sheet."""
    row = {"任务编号": "7", "任务": "推进口岸开放", "完成比例（%）": "40", "工作进展": "完成招标"}
    row |= dict.fromkeys(("存在问题", "下一步打算", "已完成", "与上期一致"), "")
    row |= {"填报标识": "01890000-0000-7000-8000-0000000000af", "版本": "1"}
    uploading = pact.upon_receiving("a filled sheet").with_request("POST", f"{API}/periods/{PERIOD}/sheets")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        path.write_bytes(workbook("填报", ([*row], [*row.values()])))
        uploading.with_multipart_file("file", path, MEDIA_TYPE, boundary="zone-portal")
    uploading.will_respond_with(201).with_body({"id": a_uuid()}, "application/json")


def _sheet(sheet: str) -> dict[str, Any]:
    row = {
        "row": match.int(2),
        "filing_id": a_uuid(),
        "number": match.regex("7", regex=r"^\d+$"),
        "title": match.str("推进口岸开放"),
        "office_name": match.str("合肥片区"),
        "status": match.regex("changed", regex=r"^(changed|same)$"),
        "changes": match.like([]),
        "errors": [],
        "warnings": match.like([]),
    }
    return {
        "id": sheet,
        "filename": match.str("填报.xlsx"),
        "takeover": False,
        "counts": {name: match.int(1) for name in ("same", "blank", "changed", "blocked", "wrong")},
        "errors": 0,
        "actions": ["confirm"],
        "rows": match.each_like(row, min=1),
    }


def _handovers(pact: Pact) -> None:
    person = {"name": match.str("合肥片区管理员"), "account": ACCOUNT, "seen_on": DAY}
    known = {"items": match.array_containing([person])}
    get(pact, "the persons of an office", f"{API}/persons", {}, known)
    task = {"number": match.int(1), "title": match.str("推进口岸开放")}
    get(pact, "a line without a person", f"{API}/lines/{LINE}", {}, {"id": LINE, "task": task})
    nobody = {"person": None, "account": None, "version": match.int(1)}
    get(pact, "who is responsible for a line", f"{API}/lines/{LINE}/person", {}, nobody)
    naming = pact.upon_receiving("a person for a line").with_request("PUT", f"{API}/lines/{NAMED_LINE}/person")
    naming.with_header("If-Match", '"1"').with_body({"person": RECEIVER}, "application/json").will_respond_with(200)
    thing = {"kind": "line", "id": OWNED_LINE, "within": None, "title": match.str("推进口岸开放")}
    get(pact, "what a person has to do", f"{API}/belongings", {"person": GIVER}, {"items": [thing]}, A_GIVER)
    own = {"person": match.regex("合肥片区管理员", regex="^(合肥|hefei).*$")}
    get(pact, "the caller's own open work", f"{API}/belongings", own, {"items": match.like([]), "next": None})
    given = {"giver": GIVER, "receiver": ACCOUNT, "reason": "岗位调整", "things": [OWNED_LINE]}
    making = pact.upon_receiving("a handover to make").given(A_GIVER).with_request("POST", f"{API}/handovers")
    making.with_body(given, "application/json").will_respond_with(201).with_body({"id": a_uuid()}, "application/json")
    brief = {
        "id": a_uuid(),
        "giver": match.str(GIVER),
        "giver_account": None,
        "receiver": match.str("合肥片区管理员"),
        "receiver_account": ACCOUNT,
        "office_name": match.str("合肥片区"),
        "count": match.int(1),
        "made_by": match.str("合肥片区管理员"),
        "made_at": INSTANT,
    }
    found = {"items": match.array_containing([brief]), "next": None}
    get(pact, "the handovers of an office", f"{API}/handovers", {"limit": "25"}, found)
    passed = {"kind": match.str("line"), "id": a_uuid(), "within": None, "title": match.str("推进口岸开放")}
    whole = brief | {"id": HANDOVER, "reason": match.str("岗位调整"), "things": match.each_like(passed, min=1)}
    get(pact, "a handover", f"{API}/handovers/{HANDOVER}", {}, whole)


def _results(pact: Pact) -> None:
    hand = {"code": "hand", "title": match.str("群众评价"), "basis": "hand", "points": match.int(50)}
    lines = hand | {"code": "lines", "basis": "lines"}
    brief = {"id": ASSESSMENT, "title": match.str("年度考评"), "actions": match.like([]), "version": match.int(1)}
    items = {"items": match.array_containing([hand, lines]), "published_on": DAY}
    get(pact, "an assessment", f"{API}/assessments/{ASSESSMENT}", {}, brief | items)
    unscored: dict[str, Any] = {"score": None, "corrected": False, "reason": None, "movement": None, "facts": []}
    fact: dict[str, Any] = {name: match.str(name) for name in ("title", "note", "note_en")}
    fact |= {"id": match.str("line"), "href": match.regex("/lines/7", regex=r"^/.+$"), "worth": match.int(50)}
    scored = {"score": match.number(40.5), "corrected": False, "reason": None, "movement": None}
    objection = {
        "id": a_uuid(),
        "item": "hand",
        "text": match.str("漏计一项"),
        "raised_by": match.str("合肥片区管理员"),
    }
    result = {
        "name": match.str("合肥片区"),
        "total": match.number(81),
        "trial": False,
        "items": match.array_containing(
            [hand | unscored, lines | scored | {"facts": match.each_like(fact | {"exempt": None}, min=1)}]
        ),
        "exemptions": [],
        "objections": match.each_like(objection | {"raised_at": INSTANT, "answer": None}, min=1),
    }
    get(pact, "how an office is assessed", f"{API}/assessments/{ASSESSMENT}/results/zone:hefei", {}, result)
