"""The pages of dead letters: the operator sees why and what, retries and discards by forms."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis import letters
from chassis.tenancy import Database
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser


@pytest.fixture
def letter(system: System) -> UUID:
    """One that the feed's consumer of notify gave up."""
    return asyncio.run(_bury(system))


async def _bury(system: System) -> UUID:
    key, database = uuid4().hex, Database(system.instance.database("notify", "notify_worker", "notify_worker"))
    headers = {"ce_type": "zoneportal.progress.line.progressed.v1", "ce_traceparent": f"00-{key}-{key[:16]}-01"}
    message = {"topic": "progress.hefei", "key": key, "headers": headers, "value": '{"line":{"title":"推进口岸开放"}}'}
    async with database.session() as db:
        await letters.keep(db, "tests", "ValueError('太长')", message)
        found = await db.value("SELECT id FROM dead_letter WHERE key = :key", key=key)
    await database.close()
    return UUID(str(found))


def test_the_operator_sees_why_and_discards(as_user: AsUser, letter: UUID) -> None:
    operator, path = as_user("operator.demo"), f"/dead-letters/notify/{letter}"
    assert path in operator.get("/dead-letters", params={"of": "notify"}).text
    page = operator.get(path)
    assert all(text in page.text for text in ("ValueError", "太长", "推进口岸开放", "跟踪号", "progress.hefei"))
    refused = operator.submit(page, f"{path}/discarding", reason="")
    assert refused.status_code == 422
    shown = operator.submit(page, f"{path}/discarding", reason="测试消息")
    assert "已作废" in shown.text and path not in shown.text
    page = operator.get(path)
    assert all(text in page.text for text in ("测试消息", "运维管理员"))
    assert f"{path}/retry" not in page.text
    assert path in operator.get("/dead-letters", params={"of": "notify", "state": "discarded"}).text


def test_the_operator_retries_all_that_are_shown(as_user: AsUser, letter: UUID) -> None:
    operator, path = as_user("operator.demo"), f"/dead-letters/notify/{letter}"
    shown = operator.submit(operator.get("/dead-letters", params={"of": "notify"}), "/notify/_retry")
    assert "已重新投递" in shown.text and path not in shown.text
    assert path in operator.get("/dead-letters", params={"of": "notify", "state": "retried"}).text


@pytest.mark.parametrize("user", ["province.admin", "hefei.admin", "security.demo"])
def test_they_are_the_operators_alone(as_user: AsUser, user: str) -> None:
    browser = as_user(user)
    assert 'href="/dead-letters"' not in browser.get("/about").text
    for path in ("/dead-letters", f"/dead-letters/notify/{uuid4()}"):
        assert browser.get(path).status_code == 404
