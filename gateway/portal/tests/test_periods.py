"""A period opened, written, checked, returned and approved by the pages' forms."""

from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import Browser, csrf, here
from portal.periods import rules
from tests.indicators import confirmed, recorded
from tests.support import PROGRESS, Json, change, filing_of, get, lines, open_period


@pytest.fixture
def filing(system: System) -> Json:
    """One of Hefei's, in a period of its own."""
    line = lines(system, "hefei.admin", state="not_started")[0]
    period = open_period(system, [line["task"]["plan"]["code"]])
    return filing_of(system, period, line["id"])


def submit(browser: Browser, page: httpx.Response, filing: Json, act: str, **given: str) -> httpx.Response:
    version = get_version(page)
    data = {"_csrf": csrf(page), "_key": str(uuid4()), "_version": version, "act": act} | given
    return browser.post(f"/filings/{filing['id']}", data=data)


def get_version(page: httpx.Response) -> str:
    return page.text.partition('name="_version" value="')[2].partition('"')[0]


def now(system: System, filing: Json) -> Json:
    return dict(get(system, "province.admin", f"{PROGRESS}/filings/{filing['id']}"))


@pytest.mark.parametrize(
    ("today", "holiday", "grace"),
    [
        (date(2026, 2, 1), [], "2026-04-03"),
        (date(2026, 8, 1), [date(2026, 10, 1) + timedelta(n) for n in range(7)], "2026-10-08"),
        (date(2026, 11, 28), [date(2027, 1, n) for n in (1, 2, 3)], "2027-01-04"),
    ],
)
def test_the_proposed_grace_ends_on_a_working_day(today: date, holiday: list[date], grace: str) -> None:
    assert rules.proposal(today, set(holiday))["grace"] == grace


def test_the_province_previews_and_opens_a_period(as_user: AsUser) -> None:
    browser, title = as_user("province.admin"), f"一季度{uuid4().hex[:6]}"
    page = browser.get("/periods/_new")
    days = {"starts": "2026-01-01", "ends": "2026-03-31", **dict.fromkeys(("due", "grace", "locks"), "2030-03-31")}
    given = {"_csrf": csrf(page), "_key": str(uuid4()), "kind": "quarter", "title": title, "plans": "1", **days}
    preview = browser.post("/periods/_new", data=given | {"do": "preview"})
    assert (preview.status_code, "合肥片区" in preview.text, title in preview.text) == (200, True, True)
    wrong = browser.post("/periods/_new", data=given | {"do": "open", "locks": "2029-01-01"})
    assert (wrong.status_code, 'id="f-locks-error"' in wrong.text) == (422, True)
    opened = browser.post("/periods/_new", data=given | {"do": "open"})
    assert (opened.status_code, here(opened).startswith("/periods/")) == (200, True)
    assert "报告期已开启" in opened.text
    assert title in as_user("hefei.admin").get("/periods").text
    assert as_user("hefei.admin").get("/periods/_new").status_code == 404


def test_a_filing_shows_the_indicators_as_they_stand(system: System, as_user: AsUser, filing: Json) -> None:
    code = confirmed(system, None, name="外贸进出口额")
    recorded(system, "hefei.admin", code, "hefei", "87.6")
    page = as_user("hefei.admin").get(f"/filings/{filing['id']}").text
    assert f'href="/indicators/{code}?jurisdiction=hefei"' in page
    assert "<strong>87.6 亿元</strong>" in page


def test_a_draft_saves_itself_and_goes_its_way(system: System, as_user: AsUser, filing: Json) -> None:
    city, office = as_user("hefei.admin"), as_user("province.admin")
    page = city.get(f"/filings/{filing['id']}")
    written = {"percent": "20", "done": "已印发方案", "problems": "", "next_steps": "组织实施"}
    token = {"_csrf": csrf(page), "_key": str(uuid4()), "_version": get_version(page)}
    saved = city.post(f"/filings/{filing['id']}/draft", data=token | written)
    assert (saved.status_code, f'data-version="{filing["version"] + 1}"' in saved.text) == (200, True)
    stale = city.post(f"/filings/{filing['id']}/draft", data=token | written | {"_key": str(uuid4())})
    assert (stale.status_code, "未能保存" in stale.text) == (412, True)
    again = city.get(f"/filings/{filing['id']}")
    assert "已印发方案" in again.text
    submitted = submit(city, again, filing, "submit", **written | {"done": "已印发方案两份"})
    assert "已提交本单位审核" in submitted.text
    sent = submit(city, submitted, filing, "check")
    assert "已报送省自贸办" in sent.text
    accepted = submit(office, office.get(f"/filings/{filing['id']}"), filing, "accept")
    returned = submit(office, accepted, filing, "return", remark="请补充", remark_done="写明文号")
    assert "已退回" in returned.text
    assert "写明文号" in city.get(f"/filings/{filing['id']}").text
    for act in ("submit", "check"):
        more = written if act == "submit" else {}
        submit(city, city.get(f"/filings/{filing['id']}"), filing, act, **more)
    accepted = submit(office, office.get(f"/filings/{filing['id']}"), filing, "accept")
    approved = submit(office, accepted, filing, "approve", confidence="medium", remark="属实")
    assert (approved.status_code, "第 1 版" in approved.text) == (200, True)
    assert now(system, filing)["state"] == "approved"


def test_a_correction_shows_what_it_concerns_and_what_it_changed(system: System, as_user: AsUser, filing: Json) -> None:
    city, office, path = as_user("hefei.admin"), as_user("province.admin"), f"/filings/{filing['id']}"

    def approved(percent: str) -> str:
        submit(city, city.get(path), filing, "submit", percent=percent, done=f"已完成{percent}%")
        submit(city, city.get(path), filing, "check")
        submit(office, office.get(path), filing, "accept")
        return submit(office, office.get(path), filing, "approve", confidence="medium").text

    concerns = "更正将涉及的内容"
    assert concerns not in office.get(path).text and concerns in approved("20")
    days = {
        "since": "2026-01-01",
        "until": str(today()),
        "plans": [now(system, filing)["line"]["task"]["plan"]["code"]],
    }
    bulletin = change(system, "province.admin", "bulletins", days)
    link = f'href="/bulletins/{bulletin["id"]}"'
    before = office.get(path)
    assert link in before.text and "保持原内容" in before.text
    submit(office, before, filing, "reopen", reason="数据有误", until=str(today()))
    writing = city.get(path).text
    assert concerns in writing and link not in writing and "随更正更新" in writing
    after = approved("15")
    assert all(said in after for said in ("本次更正的变化", "仍引用第 1 版的内容", "更正后 15%", link))


def test_a_member_s_attachments_stand_with_its_part(system: System, as_user: AsUser) -> None:
    line = lines(system, "dept.swt", jurisdiction="hefei", state="not_started", unit="swt")[0]
    filing = filing_of(system, open_period(system, [line["task"]["plan"]["code"]]), line["id"])
    member, path = as_user("dept.swt"), f"/filings/{filing['id']}"
    submit(member, member.get(path), filing, "contribute", text="已出台政策")
    form = {"_csrf": csrf(member.get(path)), "_key": uuid4().hex}
    given = {"file": ("省级政策.pdf", b"%PDF-1.7\ntrailer <<>>\n%%EOF\n", "application/pdf")}
    assert "附件已上传" in member.post(f"/attachments/of/filing/{filing['id']}", data=form, files=given).text
    parts = as_user("hefei.admin").get(path).text.partition('id="parts"')[2]
    assert parts.index("已出台政策") < parts.index("省级政策.pdf")
    assert "省级政策.pdf" not in as_user("province.admin").get(path).text


def test_a_unit_s_writer_files_and_its_administrator_sends_it(system: System, as_user: AsUser) -> None:
    led = lines(system, "dept.swt", jurisdiction="province", state="not_started", unit="swt")
    line = next(each for each in led if each["units"][0]["code"] == "swt")
    period = open_period(system, [line["task"]["plan"]["code"]])
    filing = filing_of(system, period, line["id"])
    writer, head = as_user("dept.swt"), as_user("swt.admin")
    written = {"percent": "20", "done": "已印发方案", "problems": "", "next_steps": "组织实施"}
    submitted = submit(writer, writer.get(f"/filings/{filing['id']}"), filing, "submit", **written)
    assert "已提交本单位审核" in submitted.text
    assert 'value="check"' not in submitted.text
    assert f"/filings/{filing['id']}" in head.get(f"/periods/{period}?show=waiting").text
    sent = submit(head, head.get(f"/filings/{filing['id']}"), filing, "check")
    assert "已报送省自贸办" in sent.text
    assert now(system, filing)["state"] == "checked"


def test_what_is_wrong_is_said_at_its_field_and_kept(as_user: AsUser, filing: Json) -> None:
    city = as_user("hefei.admin")
    page = city.get(f"/filings/{filing['id']}")
    wrong = submit(city, page, filing, "submit", percent="130", done="已印发方案", problems="", next_steps="")
    assert (wrong.status_code, 'id="submit-percent-error"' in wrong.text, "已印发方案" in wrong.text) == (
        422,
        True,
        True,
    )
    empty = submit(city, page, filing, "submit", percent="10", done="", problems="", next_steps="")
    assert (empty.status_code, "与上期一致" in empty.text) == (422, True)


def test_steps_are_taken_with_many_at_once(system: System, as_user: AsUser, filing: Json) -> None:
    city = as_user("hefei.admin")
    address = f"/periods/{filing['period']['id']}"
    page = city.get(address)
    chosen = f"{filing['id']}:{filing['version']}"
    given = {"_csrf": csrf(page), "_key": str(uuid4()), "filing": chosen, "action": "submit"}
    refused = city.post(f"{address}/steps", data=given)
    assert "已办理 0 项，以下 1 项未办理" in refused.text
    assert "请填写工作进展" in refused.text
    none = city.post(f"{address}/steps", data=given | {"_key": str(uuid4()), "filing": ""})
    assert "请先勾选" in none.text


def test_the_pages_are_read_in_english(as_user: AsUser, filing: Json) -> None:
    browser = as_user("hefei.admin")
    browser.get("/language/en")
    assert "Reporting" in browser.get("/periods").text
    assert "On time until" in browser.get(f"/periods/{filing['period']['id']}").text
    assert "Save the draft" in browser.get(f"/filings/{filing['id']}").text
