"""How offices file what the period asks for, by page, by Excel and in bulk, and how the province decides on it."""

import asyncio
from collections.abc import Sequence

from gateway.portal.tests.support import Browser
from gateway.portal.tests.test_periods import submit
from services.progress.tests.test_sheets import filled
from tests.days import Days
from tests.support import PROGRESS, Json, attach, client_of

P = "province.admin"


async def by_page(days: Days, filings: Sequence[Json]) -> None:
    """One after the other by the forms of the portal: written, submitted, checked."""

    def by_hand() -> None:
        with Browser(days.system) as browser:
            browser.log_in("hefei.admin")
            for filing in filings:
                page = browser.get(f"/filings/{filing['id']}")
                page = submit(browser, page, filing, "submit", **{k: str(v) for k, v in said(filing).items() if v})
                assert "已报送省自贸办" in submit(browser, page, filing, "check").text

    await _prove(days, "hefei.admin", filings)
    await asyncio.to_thread(by_hand)
    for filing in filings:
        filing.update(await days.get(P, f"filings/{filing['id']}"))


async def by_excel(days: Days, period: str, filings: Sequence[Json]) -> None:
    """The sheet of the period is filled in, sent back, submitted; then checked in bulk."""
    client, path = client_of(days.system, "hefei.admin"), f"{PROGRESS}/periods/{period}"
    await _prove(days, "hefei.admin", filings)
    known = {filing["id"]: said(filing) for filing in filings}
    sheet = client.get(f"{path}/sheet").raise_for_status().content
    file = {"file": ("填报.xlsx", filled(sheet, lambda row: _row(known.get(str(row["填报标识"])))))}
    read = client.post(f"{path}/sheets", files=file).raise_for_status().json()
    assert (read["errors"], read["counts"]["changed"]) == (0, len(filings)), read["counts"]
    taken = client.post(f"{path}/sheets/{read['id']}/confirmation", json={"submit": True}).raise_for_status().json()
    assert taken["counts"]["submitted"] == len(filings), taken["counts"]
    now = {each["id"]: each for each in await days.pages(P, "filings", period=period, jurisdiction="hefei")}
    for filing in filings:
        filing.update(now[filing["id"]])
    await days.bulk("hefei.admin", "check", filings)


def _row(told: Json | None) -> Json | None:
    """The cells of what is reported."""
    if told is None:
        return None
    done = {"完成比例（%）": told["percent"], "工作进展": told["done"], "下一步打算": told["next_steps"]}
    return done | {"已完成": "是" if told["finished"] else "否"}


def said(filing: Json) -> Json:
    """What is reported of a line: each line another percent, every thirteenth that it is done, with evidence."""
    number = filing["line"]["task"]["number"]
    finished = number % 13 == 0
    percent = 100 if finished else number * 37 % 30
    return {"percent": percent, "done": f"第{number}项已按计划推进", "next_steps": "继续推进", "finished": finished}


async def file(days: Days, user: str, filings: Sequence[Json]) -> None:
    """Written one by one, submitted and checked in bulk."""
    await _prove(days, user, filings)
    await asyncio.gather(*(_write(days, user, filing) for filing in filings))
    await days.bulk(user, "submit", filings)
    await days.bulk(user, "check", filings)


async def _prove(days: Days, user: str, filings: Sequence[Json]) -> None:
    done = [filing["id"] for filing in filings if said(filing)["finished"]]
    await asyncio.gather(*(asyncio.to_thread(attach, days.system, user, "filing", each) for each in done))


async def _write(days: Days, user: str, filing: Json) -> None:
    saved = await days.done(user, f"filings/{filing['id']}/draft", said(filing), filing["version"], "PUT")
    filing["version"] = saved["version"]


async def decide(days: Days, filings: Sequence[Json]) -> None:
    """The province accepts all, returns every tenth, leaves every eleventh, and approves the others."""
    await days.bulk(P, "accept", filings)
    returned = list(filings[::10])
    await asyncio.gather(
        *(days.done(P, f"filings/{each['id']}/return", {"remark": "请补充佐证"}, each["version"]) for each in returned)
    )
    rest = [filing for n, filing in enumerate(filings) if n % 10 and n % 11]
    await days.bulk(P, "approve", rest, confidence="medium")
