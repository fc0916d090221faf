"""A period by Excel: the sheet out, filled and back in, previewed, confirmed; earlier periods taken over."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from chassis.clock import today
from chassis.spreadsheets import MEDIA_TYPE, Sheet, write
from progress.sheets import rules
from progress.sheets.schemas import ConfirmationOut, SheetOut
from services.progress.tests.steps import attached
from services.progress.tests.test_filings import PLANS, UNITS, Opened, given, opened
from services.progress.tests.test_isolation import _as
from services.progress.tests.worlds import World

Json = dict[str, Any]
Row = dict[str, Any]
PAST = {
    "starts": "2020-10-01",
    "ends": "2020-12-31",
    "due": "2021-01-05",
    "grace": "2021-01-08",
    "locks": "2021-01-31",
}


def filled(content: bytes, change: Callable[[Row], Row | None]) -> bytes:
    """The sheet with each row changed (by titles); None leaves a row as it is."""
    book = load_workbook(BytesIO(content))
    page: Any = book[rules.PAGE]
    titles = [cell.value for cell in page[1]]
    for cells in page.iter_rows(min_row=2):
        row = {title: cell.value for title, cell in zip(titles, cells, strict=True)}
        for title, value in (change(row) or {}).items():
            cells[titles.index(title)].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class ByExcel:
    """A period as somebody fills it in by sheet."""

    def __init__(self, case: Opened, name: str) -> None:
        self.case, self.name, self.path = case, name, f"/periods/{case.period['id']}"

    async def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        async with self.case.world.client(self.name) as client:
            return await client.request(method, self.path + path, **given)

    async def template(self, **params: str) -> bytes:
        answer = await self.ask("GET", "/sheet", params=params)
        assert (answer.status_code, answer.headers["content-type"]) == (200, MEDIA_TYPE)
        return answer.content

    async def upload(self, content: bytes, filename: str = "填报.xlsx") -> httpx.Response:
        return await self.ask("POST", "/sheets", files={"file": (filename, content, MEDIA_TYPE)})

    async def preview(self, content: bytes) -> Json:
        answer = await self.upload(content)
        assert answer.status_code == 201, answer.text
        shown = dict(SheetOut.model_validate_json(answer.content).model_dump(mode="json"))
        assert (await self.ask("GET", f"/sheets/{shown['id']}")).json() == answer.json()
        return shown

    async def confirm(self, sheet: Json, **body: Any) -> httpx.Response:
        return await self.ask("POST", f"/sheets/{sheet['id']}/confirmation", json=body)

    async def confirmed(self, sheet: Json, **body: Any) -> list[Json]:
        answer = await self.confirm(sheet, **body)
        assert answer.status_code == 200, answer.text
        return [row.model_dump(mode="json") for row in ConfirmationOut.model_validate_json(answer.content).results]


def say(**said: Any) -> Callable[[Row], Row]:
    return lambda row: {getattr(rules, name): value for name, value in said.items()}


async def rows(content: bytes) -> list[Row]:
    page: Any = load_workbook(BytesIO(content))[rules.PAGE]
    titles = [cell.value for cell in page[1]]
    return [dict(zip(titles, cells, strict=True)) for cells in page.iter_rows(min_row=2, values_only=True)]


async def test_an_office_gets_its_own_rows_and_the_province_those_of_any(world: World) -> None:
    case = await opened(world)
    for name, params, places in (
        ("hefei", {}, {"合肥市片区"}),
        ("wuhu", {}, {"芜湖市片区"}),
        ("swt", {}, {"省级"}),
        ("hefei", {"office": "zone:wuhu"}, set()),
        ("province", {}, {"合肥市片区", "芜湖市片区", "省级"}),
        ("province", {"office": "zone:wuhu"}, {"芜湖市片区"}),
        ("province", {"office": "zone:nowhere"}, set()),
    ):
        found = await rows(await ByExcel(case, name).template(**params))
        assert {row[rules.PLACE] for row in found} == places
    assert (await ByExcel(case, "kjt").ask("GET", "/sheet")).status_code == 404
    assert (await ByExcel(case, "auditor").ask("GET", "/sheet")).status_code == 403


async def test_a_sheet_is_previewed_confirmed_and_changes_nothing_the_second_time(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    content = filled(await excel.template(), say(PERCENT=35, DONE="已开工", NEXT="验收"))
    sheet = await excel.preview(content)
    (row,) = sheet["rows"]
    assert (row["status"], row["percent"], sheet["errors"], sheet["actions"]) == ("changed", 35, 0, ["confirm"])
    assert {change["field"] for change in row["changes"]} == {"percent", "done", "next_steps"}
    assert (await case.filing(name="hefei"))["percent"] == 0
    assert (await excel.preview(content))["id"] == sheet["id"]
    (first,) = await excel.confirmed(sheet)
    before = await case.filing(name="hefei")
    (again,) = await excel.confirmed(sheet)
    assert (first["outcome"], again["outcome"]) == ("filled", "same")
    assert (await case.filing(name="hefei")) == before
    assert (before["percent"], before["done"], before["state"], before["saved_by"]) == (35, "已开工", "open", "hefei")
    (row,) = (await excel.preview(content))["rows"]
    assert (row["status"], row["warnings"]) == ("same", [])


async def test_a_sheet_may_submit_what_it_fills_in(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    sheet = await excel.preview(filled(await excel.template(), say(PERCENT=60, DONE="已开工")))
    (first,) = await excel.confirmed(sheet, submit=True)
    (again,) = await excel.confirmed(sheet, submit=True)
    assert (first["outcome"], first["state"], again["outcome"]) == ("submitted", "submitted", "same")
    filing = await case.filing(name="hefei")
    assert [step["action"] for step in filing["steps"]] == ["submit"]
    nothing = ByExcel(case, "wuhu")
    (untouched,) = await nothing.confirmed(await nothing.preview(await nothing.template()), submit=True)
    assert (untouched["outcome"], untouched["state"]) == ("same", "open")
    empty = await nothing.preview(filled(await nothing.template(), say(PERCENT=5)))
    (half,) = await nothing.confirmed(empty, submit=True)
    assert (half["outcome"], half["state"], bool(half["problem"])) == ("filled", "open", True)


async def test_what_was_filled_first_is_submitted_by_a_second_confirmation(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    sheet = await excel.preview(filled(await excel.template(), say(PERCENT=20, DONE="已开工")))
    outcomes = [(await excel.confirmed(sheet, submit=submit))[0]["outcome"] for submit in (False, True, True)]
    assert outcomes == ["filled", "submitted", "same"]


async def test_what_others_changed_since_is_kept_unless_it_is_to_be_overwritten(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    content = filled(await excel.template(), say(PERCENT=20, DONE="表中所写"))
    await case.done("hefei head", "draft", percent=25, done="页面所写")
    sheet = await excel.preview(content)
    (row,) = sheet["rows"]
    assert [warning["what"] for warning in row["warnings"]] == ["changed_since"]
    (kept,) = await excel.confirmed(sheet)
    assert (kept["outcome"], (await case.filing(name="hefei"))["done"]) == ("refused", "页面所写")
    (over,) = await excel.confirmed(sheet, overwrite=True)
    assert (over["outcome"], (await case.filing(name="hefei"))["done"]) == ("filled", "表中所写")


async def test_what_cannot_be_filled_in_now_says_why_and_stays(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    content = filled(await excel.template(), say(PERCENT=20, DONE="表中所写"))
    await case.file()
    sheet = await excel.preview(content)
    assert [warning["what"] for warning in sheet["rows"][0]["warnings"]] == ["changed_since", "blocked"]
    (row,) = await excel.confirmed(sheet, overwrite=True, submit=True)
    assert (row["outcome"], row["state"], bool(row["problem"])) == ("refused", "accepted", True)
    assert await rows(await excel.template()) == []


async def test_a_foreign_filing_is_as_good_as_none(world: World) -> None:
    case, other = await opened(world), await opened(world)
    excel = ByExcel(case, "hefei")
    for name, of in (("wuhu", case), ("swt", case), ("hefei", other)):
        foreign = await ByExcel(of, name).template()
        sheet = await excel.preview(foreign)
        details = [error["detail"] for error in sheet["rows"][0]["errors"]]
        expected = (
            "不是本单位在本报告期的填报" if of is case else "是另一报告期“三季度报告”的填报；请使用本报告期的填报表"
        )
        assert details == [expected]
        assert (sheet["rows"][0]["filing_id"], sheet["actions"]) == (None, [])
        refused = await excel.confirm(sheet)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/sheet-with-errors")
        assert (await ByExcel(of, name).ask("GET", f"/sheets/{sheet['id']}")).status_code == 404
        assert (await ByExcel(of, name).confirm(sheet)).status_code == 404
    refused = await ByExcel(case, "province").upload(await ByExcel(case, "province").template())
    assert refused.status_code == 403
    assert (await ByExcel(case, "auditor").upload(b"x")).status_code == 403
    assert (await ByExcel(case, "kjt").upload(b"x")).status_code == 404


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 2**20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "status"),
    [
        (b"", "a.xlsx", 422),
        (b"nothing", "a.xlsx", 422),
        (write(Sheet("别的", rules.COLUMNS, [])), "a.xlsx", 422),
        (write(Sheet(rules.PAGE, rules.COLUMNS[:5], [])), "a.xlsx", 422),
        (write(Sheet(rules.PAGE, rules.COLUMNS, [])), "a.xls", 422),
        (bomb(), "a.xlsx", 413),
        (b"x" * (5 * 2**20 + 1), "a.xlsx", 413),
    ],
)
async def test_what_is_no_such_sheet_is_refused(world: World, content: bytes, filename: str, status: int) -> None:
    answer = await ByExcel(await opened(world), "hefei").upload(content, filename)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, "/body/file")


async def test_a_formula_is_an_error_in_its_cell(world: World) -> None:
    excel = ByExcel(await opened(world), "hefei")
    sheet = await excel.preview(filled(await excel.template(), say(DONE='=HYPERLINK("http://x")')))
    assert [(error["cell"], error["column"]) for error in sheet["rows"][0]["errors"]] == [("H2", rules.DONE)]
    english = await excel.ask("GET", f"/sheets/{sheet['id']}", headers={"Accept-Language": "en"})
    assert [error["detail"] for error in english.json()["rows"][0]["errors"]] == [
        "Has a formula; please copy it and paste it as a value"
    ]
    assert (english.headers["content-language"], english.headers["vary"]) == ("en", "Accept-Language")
    assert (await excel.confirm(sheet)).status_code == 409


async def taken(world: World, **over: Any) -> Opened:
    """A period from before the portal."""
    return await opened(world, **PAST | {"takeover": True, "reason": "平台启用前纸质报送"} | over)


async def test_a_period_that_is_past_is_opened_to_be_taken_over_only(world: World) -> None:
    number = next(PLANS)
    plan: Json = {"code": f"p{number}", "number": number, "name": f"计划{number}", "kind": "additional"}
    await world.publish(UNITS, plan=plan)
    body = given(plan["code"], **PAST)
    async with world.client("province") as client:
        for changed, status, pointer in (
            ({"reason": "补录"}, 422, "/body/due"),
            ({"takeover": True}, 422, "/body/reason"),
            ({"takeover": True, "reason": "补录", "locks": str(today())}, 422, "/body/locks"),
            ({"takeover": True, "reason": "补录"}, 201, None),
        ):
            answer = await client.post("/periods", json=body | changed)
            assert answer.status_code == status, answer.text
            if pointer:
                assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_nobody_owes_anything_to_what_is_taken_over(world: World) -> None:
    case = await taken(world)
    assert await case.counts() == {"expected": 0, "received": 0, "on_time": 0, "approved": 0}
    filing = await case.filing(name="hefei")
    assert (filing["hold"], filing["actions"], filing["state"]) == ("past", [], "open")
    assert (await case.act("hefei", "draft", percent=3)).status_code == 409
    assert await rows(await ByExcel(case, "hefei").template()) == []
    assert await _told(world, case.period["id"]) == []


async def _told(world: World, mark: str) -> list[tuple[str, str]]:
    async with world.server() as server:
        found = await server.fetch("SELECT type, tenant FROM outbox WHERE data LIKE $1 ORDER BY position", f"%{mark}%")
    return [(row["type"].split(".", 2)[2], row["tenant"]) for row in found]


def old(row: Row) -> Row | None:
    """As Hefei and Wuhu had reported, Wuhu late; of the province's line nothing is known."""
    said = {rules.PERCENT: 45, rules.DONE: "2020 年完成一期", rules.NEXT: "二期"}
    if row[rules.OFFICE].startswith("芜湖"):
        return said | {rules.RECEIVED: date(2021, 1, 20)}
    return said if row[rules.OFFICE].startswith("合肥") else None


async def test_earlier_periods_are_taken_over_as_approved_versions_once(world: World) -> None:
    case = await taken(world)
    excel = ByExcel(case, "province")
    sheet = await excel.preview(filled(await excel.template(), old))
    assert (sheet["takeover"], sheet["counts"]["changed"], sheet["counts"]["blank"]) == (True, 2, 1)
    missing = await excel.confirm(sheet)
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/body/confidence")
    first = await excel.confirmed(sheet, confidence="medium")
    again = await excel.confirmed(sheet, confidence="medium")
    assert sorted(row["outcome"] for row in first) == ["blank", "taken_over", "taken_over"]
    assert sorted(row["outcome"] for row in again) == ["blank", "same", "same"]
    filing = await case.filing("wuhu")
    (version,) = filing["versions"]
    assert (version["taken_over"], version["reason"], version["approved_by"], version["percent"]) == (
        True,
        "平台启用前纸质报送",
        "province",
        45,
    )
    assert (filing["state"], filing["received_on"], filing["on_time"]) == ("approved", "2021-01-20", False)
    hefei = await case.filing("hefei")
    assert (hefei["received_on"], hefei["on_time"]) == ("2021-01-08", True)
    assert await case.counts() == {"expected": 2, "received": 2, "on_time": 1, "approved": 2}
    told = await _told(world, "2020 年完成一期")
    assert sorted(told) == [("filing.approved.v1", "hefei"), ("filing.approved.v1", "wuhu")]


async def test_a_line_follows_the_latest_period_taken_over_until_somebody_reports(world: World) -> None:
    case = await taken(world)
    plan = case.period["plans"][0]

    async def take(period: Json, percent: int) -> int:
        of = Opened(world, period, case.lines)
        excel = ByExcel(of, "province")
        said = {rules.PERCENT: percent, rules.DONE: f"至 {percent}"}
        sheet = await excel.preview(filled(await excel.template(office="zone:hefei"), lambda row: said))
        assert [row["outcome"] for row in await excel.confirmed(sheet, confidence="high")] == ["taken_over"]
        return int((await of.filing())["line"]["percent"])

    async def another(**days: str) -> Json:
        async with world.client("province") as client:
            body = given(plan, **PAST | days | {"takeover": True, "reason": "补录"})
            return dict((await client.post("/periods", json=body)).raise_for_status().json())

    later = {
        "starts": "2021-01-01",
        "ends": "2021-03-31",
        "due": "2021-04-05",
        "grace": "2021-04-05",
        "locks": "2021-04-30",
    }
    assert await take(case.period, 30) == 30
    assert await take(await another(**later), 50) == 50
    assert await take(await another(starts="2020-07-01", ends="2020-09-30"), 10) == 50
    async with world.client("province") as client:
        running = (await client.post("/periods", json=given(plan))).raise_for_status().json()
    filing = await Opened(world, running, case.lines).filing(name="hefei")
    assert (filing["percent"], filing["done"]) == (50, "至 50")
    await world.act("hefei", case.lines["hefei"], "reports", percent=55, done="本期")
    before = (await case.filing())["line"]["percent"]
    assert await take(await another(**later | {"ends": "2021-04-01"}), 70) == before


async def test_what_was_taken_over_is_corrected_as_anything_approved(world: World) -> None:
    case = await taken(world)
    excel = ByExcel(case, "province")
    content = filled(await excel.template(), old)
    await excel.confirmed(await excel.preview(content), confidence="medium")
    changed = filled(content, lambda row: {rules.PERCENT: 46} if row[rules.PERCENT] else None)
    assert {row["outcome"] for row in await excel.confirmed(await excel.preview(changed), confidence="medium")} == {
        "blank",
        "refused",
    }
    await case.done("province", "reopening", reason="数字有误", until=str(today()))
    await attached(world, "hefei", "filing", (await case.filing())["id"])
    office = ByExcel(case, "hefei")
    sheet = await office.preview(filled(await office.template(), say(PERCENT=46)))
    assert [row["outcome"] for row in await office.confirmed(sheet, submit=True)] == ["submitted"]
    await case.done("hefei head", "check")
    await case.done("province", "acceptance")
    approved = await case.done("province", "approval", confidence="high")
    assert [(each["number"], each["percent"], each["taken_over"]) for each in approved["versions"]] == [
        (1, 45, True),
        (2, 46, False),
    ]
    assert (approved["received_on"], approved["on_time"]) == ("2021-01-08", True)


async def test_the_database_itself_keeps_sheets_to_their_office(world: World) -> None:
    case = await opened(world)
    excel = ByExcel(case, "hefei")
    await excel.preview(await excel.template())
    forged = """
        INSERT INTO filing_sheet (id, period_id, office, filename, sha256, rows, created_by)
        SELECT uuidv7(), period_id, 'zone:hefei', 'x', 'x', '[]', 'x' FROM filing WHERE line_id = $1
    """
    line = case.lines["hefei"]["id"]
    for scope, tenant, unit in (("tenant", "wuhu", ""), ("unit", "", "swt"), ("all", "", ""), ("audit", "", "")):
        assert await _as(world, scope, tenant, unit, forged, line) in ("refused", "INSERT 0 0")
        emptied = f"UPDATE filing_sheet SET rows = '[]' WHERE period_id = '{case.period['id']}' AND $1 <> ''"
        assert await _as(world, scope, tenant, unit, emptied, line) in ("UPDATE 0", "refused")
