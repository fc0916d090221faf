"""The portal's pages are shown from what its pacts say that the services answer, and ask for just that."""

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from unittest.mock import patch

import httpx
import pytest
from pact import Pact

from contracts.consumers import (
    announcements,
    details,
    grants,
    letters,
    offices,
    portal_catalog,
    preferences,
    robots,
    webhooks,
)
from contracts.consumers import portal as pacts
from contracts.consumers.messages import ID
from contracts.consumers.workbooks import workbook
from deploy.local import services
from deploy.local.system import System
from gateway.portal.tests.support import Browser, csrf
from portal.app import app
from portal.web.api import part_of


class ByService(httpx.AsyncBaseTransport):
    """Brings what the portal asks for to the mock server of that service's pact."""

    def __init__(self, ports: Mapping[str, int | None]) -> None:
        self._ports, self._http = ports, httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=self._ports[part_of(request.url.path)])
        return await self._http.handle_async_request(request)


class Portal:
    """The portal in this process; its sessions are the running portal's."""

    def __init__(self, system: System, ports: Mapping[str, int | None]) -> None:
        self._system = system
        with patch.dict(os.environ, services.api(system.instance, "portal").env):
            self.app = app()
        self.app.state.http = httpx.AsyncClient(base_url="http://127.0.0.1", transport=ByService(ports))

    def as_user(self, user: str) -> httpx.AsyncClient:
        with Browser(self._system) as browser:
            browser.log_in(user, "/about")
            cookies = {"session": browser.secret()}
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://portal", cookies=cookies)


@asynccontextmanager
async def _on(system: System, made: Mapping[str, Pact]) -> AsyncIterator[Portal]:
    """Ends with an error when a pact has something that no page asked for."""
    with ExitStack() as stack:
        ports = {name: stack.enter_context(pact.serve("127.0.0.1")).port for name, pact in made.items()}
        shown = Portal(system, ports)
        yield shown
        await shown.app.state.http.aclose()
        await shown.app.state.database.close()


@pytest.fixture
async def portal(system: System) -> AsyncIterator[Portal]:
    made = {"catalog": portal_catalog.catalog(), "progress": pacts.progress(), "notify": pacts.notify()}
    async with _on(system, made) as shown:
        yield shown


async def test_the_pages_of_integrators_live_on_their_pacts(system: System) -> None:
    made = {"catalog": grants.catalog(), "notify": grants.notify()}
    async with _on(system, made) as shown, shown.as_user("security.demo") as security:
        assert "市数据平台" in (await security.get("/integrators")).text
        page = await security.get(f"/integrators/{grants.CLIENT}")
        assert all(text in page.text for text in ("progress.hefei", "localhost:9094", "http://gateway/token"))
        form = {"_csrf": csrf(page), "_version": "1"}
        granted = await security.post(f"/integrators/{grants.CLIENT}/grant", data=form | {"tenant": "wuhu"})
        assert granted.status_code == 303
        rotated = await security.post(f"/integrators/{grants.ROTATED}/secret", data=form)
        assert "c2VjcmV0" in rotated.text and rotated.headers["cache-control"] == "no-store"
        await _webhooks(security, form)
        assert "合肥片区管理员" in (await security.get("/people", params={"office": "zone:hefei"})).text
        assert "第二因素" in (await security.get("/second-factors")).text
        person = (await security.get(f"/people/{grants.PERSON}")).text
        assert "停用该用户" in person and "192.0.2.1" in person


async def _webhooks(security: httpx.AsyncClient, form: dict[str, str]) -> None:
    assert "receiver.example" in (await security.get("/webhooks")).text
    here = f"/webhooks/{webhooks.WEBHOOK}"
    assert "持续失败" in (await security.get(here)).text
    assert "无法建立连接" in (await security.get(f"{here}/deliveries/{webhooks.DELIVERY}")).text
    assert (await security.post(f"/webhooks/{webhooks.PAUSED}/pause", data=form)).status_code == 303


async def _robots(city: httpx.AsyncClient, read: dict[str, str]) -> None:
    assert "契约工作群" in (await city.get("/robots")).text
    given = {"kind": "wecom", "name": "契约工作群", "url": robots.URL, "groups": "returned"}
    assert "审核退回" in (await city.get("/robots/_new")).text
    assert (await city.post("/robots/_new", data=read | given)).status_code == 303
    here = f"/robots/{robots.ROBOT}"
    assert "无法建立连接" in (await city.get(here)).text
    form = read | {"_version": "1"}
    assert (await city.post(here, data=form | {"name": "契约工作群"})).status_code == 303
    assert (await city.post(f"/robots/{robots.PAUSED}/pause", data=form)).status_code == 303


async def test_the_pages_of_announcements_live_on_their_pact(system: System) -> None:
    made = {"notify": announcements.province()}
    async with _on(system, made) as shown, shown.as_user("province.admin") as province:
        page = await province.get(f"/announcements/{announcements.DRAFT}")
        assert "预览" in page.text and "合肥片区" in page.text
        assert "提醒未阅单位" in (await province.get(f"/announcements/{announcements.SENT}")).text
        assert "尚无" in (await province.get(f"/announcements/{announcements.SENT}/offices")).text
        form = {"_csrf": csrf(page), "title": "关于报送材料的通知", "text": "请按时报送。", "shown_until": "2100-01-01"}
        drafted = form | {"must_confirm": "true", "addressed": "zone:hefei"}
        assert (await province.post("/announcements/_new", data=drafted)).status_code == 303
        for thing, version, act in (
            (announcements.DRAFT, "1", "publish"),
            (announcements.SENT, "2", "remind"),
            (announcements.WITHDRAWN, "2", "withdraw"),
        ):
            said = {"_csrf": form["_csrf"], "_version": version, "act": act, "reason": "另行通知"}
            assert (await province.post(f"/announcements/{thing}", data=said)).status_code == 303


REPLAYS = (f"{webhooks.REPLAYED}/deliveries/{webhooks.REDELIVERED}", f"{webhooks.REPLAYED}/replay")


@pytest.mark.parametrize(
    ("service", "pact", "replays"), [("progress", letters.progress, ()), ("notify", letters.notify, REPLAYS)]
)
async def test_the_pages_of_dead_letters_live_on_their_pacts(
    system: System, service: str, pact: Callable[[], Pact], replays: tuple[str, ...]
) -> None:
    async with _on(system, {service: pact()}) as shown, shown.as_user("operator.demo") as operator:
        assert "ValueError" in (await operator.get("/dead-letters", params={"of": service})).text
        path = f"/dead-letters/{service}"
        page = await operator.get(f"{path}/{letters.LETTER}")
        assert "zoneportal.progress.line.progressed.v1" in page.text
        form = {"_csrf": csrf(page), "_version": "1", "reason": "测试消息", "until": "2000-01-01T00:00:00+00:00"}
        for step in (f"{letters.LETTER}/retry", f"{letters.DISCARDED}/discarding", "_retry"):
            assert (await operator.post(f"{path}/{step}", data=form)).status_code == 303
        for step in replays:
            assert (await operator.post(f"/webhooks/{step}", data=form)).status_code == 303
        if service == "notify":
            await _deliveries(operator, form)


async def _deliveries(operator: httpx.AsyncClient, form: dict[str, str]) -> None:
    listed = await operator.get("/deliveries", params={"channel": "wecom", "state": "sending"})
    assert "契约工作群" in listed.text
    here = f"/deliveries/{robots.DELIVERY}"
    assert "无法建立连接" in (await operator.get(here)).text
    assert (await operator.post(f"{here}/retry", data=form)).status_code == 303


async def test_the_pages_live_on_what_the_pacts_promise(portal: Portal) -> None:
    async with portal.as_user("hefei.admin") as city:
        desk = await city.get("/")
        assert (desk.status_code, "合肥片区" in desk.text, "412" in desk.text) == (200, True, True)
        assert "有变化" in (await city.get("/changes")).text
        assert 'class="chart"' in (await city.get("/trends")).text
        assert "badge" in (await city.get("/inbox/bell")).text
        assert "请确认已阅公告" in desk.text
        assert f'href="/orders/{ID}">推进口岸开放</a>' in desk.text.partition('id="calendar"')[2]
        assert "尚未开通" in (await city.get("/calendar")).text
        assert "待确认" in (await city.get("/announcements")).text
        assert "请按时报送" in (await city.get(f"/announcements/{announcements.UNREAD}")).text
        assert "1 项超期、1 份督办单逾期、1 份待报" in (await city.get("/inbox")).text
        assert "没有这方面的消息" in (await city.get("/inbox/thing", params={"thing": f"/lines/{ID}"})).text
        inbox = await city.get("/inbox", params={"unread": "true"})
        assert f"/inbox/{ID}/reading" in inbox.text
        token = csrf(inbox)
        assert "建设保税仓库" in (await city.get("/decisions")).text
        assert "没有由您承办的在办工作" in (await city.get("/handovers")).text
        assert "（hefei.admin）" in (await city.get("/handovers/_new")).text
        assert "〔2026〕3号" in (await city.get("/bulletins")).text
        assert "新设企业数" in (await city.get("/indicators")).text
        read = {"_csrf": token, "_key": ID}
        assert (await city.post(f"/inbox/{ID}/reading", data=read)).status_code == 303
        assert (
            await city.post(f"/announcements/{announcements.CONFIRMED}", data=read | {"act": "confirm"})
        ).status_code == 303
        report = {"act": "report", "percent": "40", "done": "完成招标", "next_steps": "组织施工", "_version": "1"}
        assert (await city.post(f"/lines/{ID}", data=read | report)).status_code == 303
        settings = "/notification-settings"
        assert "进展填报" in (await city.get(settings)).text
        chosen = {"choice-reports": "digest", "working_days_only": "1", "rhythm": "weekly", "weekday": "3"}
        chosen |= {"language": "zh", "_version": str(preferences.PREFERRED)}
        assert (await city.post(settings, data=read | chosen)).status_code == 303
        await _robots(city, read)
        seen = {"_csrf": token, "_key": ID, "until": "2026-11-24T08:00:00+00:00"}
        assert (await city.post("/inbox/reading", data=seen)).status_code == 303
        assert "佐证材料.pdf" in (await city.post(f"/attachments/of/order/{pacts.ATTACHED}", data=read)).text
        assert f"/cases/{ID}" in (await city.get("/cases")).text
        assert "芜湖片区" in (await city.get("/replications")).text
        await _offices(city, read)
        await _details(city)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(portal.app), base_url="http://portal") as nobody:
        assert (await nobody.get("/public/cases")).status_code == 200
    async with portal.as_user("dept.swt") as unit:
        assert "省商务厅" in (await unit.get("/")).text
    async with portal.as_user("province.admin") as office:
        desk = await office.get("/")
        assert (desk.status_code, f"/lines/{ID}" in desk.text) == (200, True)
        assert "亮灯阈值" in (await office.get("/planning/thresholds")).text
        assert "三季度报告" in (await office.get("/bulletins/_new")).text
        plans = await office.get("/plans")
        assert (plans.status_code, "通知所列" in plans.text) == (200, True)
        assert "/manuscripts/hefei" in (await office.get("/manuscripts")).text
        assert "芜湖片区实施方案" in (await office.get("/manuscripts/wuhu")).text
        assert "24 项重点工作" in (await office.get("/zones")).text
        zone = await office.get("/zones/hefei")
        assert ("集成电路" in zone.text, "/zones/hefei/edit" in zone.text) == (True, True)
        cities = await office.get("/units", params={"kind": "city"})
        assert "/units/hfs" in cities.text
        form = csrf(await office.get("/units/_new"))
        given = {"name": f"契约检验公司 {ID}", "kind": "enterprise", "aliases": f"检验公司 {ID}"}
        added = await office.post("/units/_new", data=given | {"_csrf": form, "_key": ID})
        assert (added.status_code, added.headers["location"]) == (303, "/units/jygs")


async def _details(city: httpx.AsyncClient) -> None:
    """One filing, one indicator, one case."""
    assert "配合单位情况" in (await city.get(f"/filings/{details.FILING}")).text
    assert "12.5" in (await city.get(f"/indicators/{details.INDICATOR}")).text
    assert "曾不采用" in (await city.get(f"/cases/{details.CASE}")).text


async def _offices(city: httpx.AsyncClient, form: dict[str, str]) -> None:
    """An office files by Excel, hands work over and sees how it is assessed."""
    period = f"/periods/{offices.PERIOD}"
    assert "下载填报表" in (await city.get(f"{period}/sheets")).text
    assert (await city.get(f"{period}/sheet")).status_code == 200
    assert "推进口岸开放" in (await city.get(f"{period}/sheets/{offices.SHEET}")).text
    content = workbook("填报", [["任务"], ["推进口岸开放"]])
    sent = await city.post(f"{period}/sheets", data=form, files={"file": ("填报.xlsx", content)})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{period}/sheets/{ID}")
    filled = f"/periods/{offices.FILLED_PERIOD}/sheets/{offices.FILLED_SHEET}"
    assert "已存为草稿" in (await city.post(filled, data=form)).text
    assert "本单位责任人" in (await city.get("/handovers/_person", params={"line": offices.LINE})).text
    naming = form | {"person": offices.RECEIVER, "_version": "1"}
    named = await city.post("/handovers/_person", params={"line": offices.NAMED_LINE}, data=naming)
    assert named.status_code == 303
    assert "推进口岸开放" in (await city.get("/handovers/_new", params={"giver": offices.GIVER})).text
    said = {"giver": offices.GIVER, "receiver": offices.ACCOUNT, "reason": "岗位调整", "things": offices.OWNED_LINE}
    assert (await city.post("/handovers/_new", data=form | said)).status_code == 303
    assert offices.GIVER in (await city.get("/handovers")).text
    assert "岗位调整" in (await city.get(f"/handovers/{offices.HANDOVER}")).text
    assert "漏计一项" in (await city.get(f"/assessments/{offices.ASSESSMENT}/zone:hefei")).text
