"""The pages of indicators: the list, one with its charts, values by forms, definitions by the province."""

import html
import json
import re
from datetime import date
from uuid import uuid4

import asyncpg

from chassis.clock import today
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.test_lines import submit
from tests.indicators import INDICATORS, confirmed, recorded
from tests.support import get


def test_the_first_set_waits_for_the_province_with_its_sentence(as_user: AsUser) -> None:
    page = as_user("province.admin").get("/indicators/area?year=2021")
    assert "待省自贸办确认" in page.text
    assert "自贸试验区的实施范围为119.86平方公里" in page.text
    assert "64.95" in page.text
    assert as_user("hefei.admin").get("/indicators/area").status_code == 404


def test_an_office_records_and_revises_a_value_and_reads_what_it_was(system: System, as_user: AsUser) -> None:
    code, browser = confirmed(system, "swt"), as_user("hefei.admin")
    page = browser.get(f"/indicators/{code}")
    wrong = submit(browser, page, "record", jurisdiction="hefei", period="2026", value="x")
    assert wrong.status_code == 422
    assert 'value="2026"' in wrong.text
    done = submit(browser, page, "record", jurisdiction="hefei", period="2026-03", value="8")
    assert "已保存" in done.text
    (value,) = get(system, "hefei.admin", f"{INDICATORS}/{code}/values")["items"]
    path = f"/indicator-values/{value['id']}"
    changed = browser.submit(browser.get(path), path, value="9.5", reason="口径调整")
    assert "数值已修订" in changed.text
    assert "口径调整" in changed.text
    assert "9.5 亿元" in changed.text
    assert "8 亿元" in changed.text


def test_the_chart_has_the_numbers_of_the_table(system: System, as_user: AsUser) -> None:
    code = confirmed(system, "swt")
    recorded(system, "hefei.admin", code, "hefei", "7.25")
    recorded(system, "wuhu.admin", code, "wuhu", "2")
    page = as_user("province.admin").get(f"/indicators/{code}?year=2026")
    drawn = [json.loads(html.unescape(found)) for found in re.findall(r'data-chart="([^"]*)"', page.text)]
    by_place = dict(zip(drawn[-1]["labels"], drawn[-1]["series"][0]["data"], strict=True))
    assert (by_place["省级"], by_place["合肥片区"], by_place["芜湖片区"]) == (9.25, 7.25, 2)
    assert "9.25" in page.text


def test_the_province_defines_confirms_and_sets_targets(system: System, as_user: AsUser) -> None:
    browser, code = as_user("province.admin"), f"p{uuid4().hex[:12]}"
    form, chosen = browser.get("/indicators/_new"), {"kind": "flow", "aggregation": "sum", "direction": "up"}
    given = chosen | {"period": "month", "outside": "warn", "jumping": "warn", "code": code, "name": "新设企业数"}
    refused = browser.submit(form, "/indicators/_new", **given, formula="a +")
    assert refused.status_code == 422
    assert "缺少指标代码或数字" in refused.text
    page = browser.submit(form, "/indicators/_new", **given, measure="家")
    assert "指标已建立" in page.text
    sent = submit(browser, page, "confirmation")
    assert "已保存" in sent.text
    assert get(system, "province.admin", f"{INDICATORS}/{code}")["status"] == "confirmed"
    assert "新设企业数" in as_user("hefei.admin").get("/indicators").text
    assert as_user("hefei.admin").get(f"/indicators/{code}/edit").status_code == 404
    edited = browser.submit(browser.get(f"/indicators/{code}/edit"), "/edit", **given, measure="户", reason="统一口径")
    assert "已保存" in edited.text
    versions = browser.get(f"/indicators/{code}/versions").text
    assert "第 2 版" in versions and "统一口径" in versions


async def test_a_missing_value_waits_on_the_desk_until_it_is_recorded(system: System, as_user: AsUser) -> None:
    year = today().year - 1
    name = f"年度指标{uuid4().hex[:8]}"
    code = confirmed(system, None, name=name, name_en="", period="year")
    connection = await asyncpg.connect(system.database("progress"))
    await connection.execute("UPDATE indicator SET confirmed_on = $2 WHERE code = $1", code, date(year, 12, 31))
    await connection.close()
    hefei, province = as_user("hefei.admin"), as_user("province.admin")
    link = f"/indicators/{code}?jurisdiction=hefei&amp;period={year}#record-value"
    assert link in hefei.get("/indicators/_missing?waiting=true").text
    assert "应报未报的指标值" in hefei.get("/").text
    assert name not in province.get("/indicators/_missing?waiting=true").text
    listed = province.get("/indicators/_missing?jurisdiction=wuhu").text
    assert (name in listed, "逾期未报" in listed) == (True, True)
    page = hefei.get(html.unescape(link))
    assert ("应报未报" in page.text, f'value="{year}" maxlength="8"' in page.text) == (True, True)
    assert "已保存" in submit(hefei, page, "record", jurisdiction="hefei", period=str(year), value="8").text
    assert name not in hefei.get("/indicators/_missing").text
    assert 'id="missing"' not in hefei.get(f"/indicators/{code}").text
    province.get("/language/en")
    shown = province.get("/indicators/_missing?jurisdiction=wuhu").text
    assert ("Missing values" in shown, "Overdue" in shown, "逾期未报" in shown) == (True, True, False)
