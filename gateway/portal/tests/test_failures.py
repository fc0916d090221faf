"""A part that is away takes down only its own pages; problems of the services reach the form's fields."""

from html import escape

import asyncpg
import httpx
import pytest

from deploy.local.ports import free
from gateway.portal.tests.conftest import NewPortal
from gateway.portal.tests.support import Browser, csrf, fields
from portal.session.rules import key_of
from portal.web.api import Away, Forbidden, LoginNeeded, Missing, Rejected, check

NOBODY = f"http://127.0.0.1:{next(port for port in range(14_000, 15_000) if free(port))}"


@pytest.mark.parametrize(
    ("path", "chinese", "english"), [("/inbox", "“消息”", "messages"), ("/lines", "“推进事项”", "the lines")]
)
async def test_a_page_says_which_part_is_away(
    browser: Browser, new_portal: NewPortal, path: str, chinese: str, english: str
) -> None:
    browser.log_in("hefei.admin")
    async with new_portal(NOBODY) as portal:
        portal.cookies.set("session", browser.secret())
        answer = await portal.get(path)
        assert answer.status_code == 502
        assert f"{chinese}暂时不可用" in answer.text
        assert "请在 5 秒后重试" in answer.text and answer.headers["retry-after"] == "5"
        assert all(f'href="{entry}"' in answer.text for entry in ("/", "/lines", "/tasks", "/inbox"))
        assert "合肥片区管理员" in answer.text
        portal.cookies.set("lang", "en")
        assert f"Not available now: {english}" in (await portal.get(path)).text
        assert (await portal.get("/about")).status_code == 200


async def test_what_was_sent_can_be_sent_again(browser: Browser, new_portal: NewPortal) -> None:
    token = csrf(browser.log_in("hefei.admin"))
    async with new_portal(NOBODY) as portal:
        portal.cookies.set("session", browser.secret())
        given = {"_csrf": token, "_key": "key-1", "until": "2026-11-24T08:00:00Z"}
        answer = await portal.post("/inbox/reading", data=given)
        assert answer.status_code == 502
        assert given.items() <= fields(answer.text.partition('action="/inbox/reading"')[2]).items()


async def test_while_nobody_can_renew_a_login_it_stays_and_what_was_sent_too(
    browser: Browser, new_portal: NewPortal, server: asyncpg.Connection
) -> None:
    token = csrf(browser.log_in("hefei.admin"))
    await server.execute("UPDATE session SET access_until = now() WHERE key = $1", key_of(browser.secret()))
    given = {"_csrf": token, "_key": "key-1", "until": "2026-11-24T08:00:00Z"}
    async with new_portal(NOBODY, ZP_KEYCLOAK_URL=NOBODY) as portal:
        portal.cookies.set("session", browser.secret())
        answer = await portal.post("/inbox/reading", data=given)
    assert answer.status_code == 502
    assert "“身份认证”暂时不可用" in answer.text and "已有的登录继续有效" in answer.text
    assert 'href="/lines"' in answer.text and "合肥片区管理员" in answer.text
    assert given.items() <= fields(answer.text.partition('action="/inbox/reading"')[2]).items()
    assert browser.get("/inbox").status_code == 200


@pytest.mark.parametrize(("session", "status"), [(False, 401), (True, 403)])
def test_what_was_written_is_not_lost_with_the_session(browser: Browser, session: bool, status: int) -> None:
    if session:
        browser.log_in("hefei.admin")
    text = "<b>已完成系统对接，正在联调</b>"
    answer = browser.post("/inbox/reading", data={"_csrf": "gone", "until": text})
    assert answer.status_code == status
    assert f">{escape(text)}</textarea>" in answer.text
    assert 'action="/inbox/reading"' not in answer.text


async def test_cookies_are_bound_to_a_safe_gateway(new_portal: NewPortal) -> None:
    async with new_portal("https://portal.example") as portal:
        answer = await portal.get("/login")
        assert answer.headers["set-cookie"].startswith("__Host-login=")
        assert "; Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize(
    ("status", "failure"), [(401, LoginNeeded), (403, Forbidden), (404, Missing), (500, Away), (503, Away)]
)
def test_answers_become_failures(status: int, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        check(httpx.Response(status), "/api/progress/v1/lines")


@pytest.mark.parametrize("status", [409, 412, 413, 422, 428, 429])
def test_a_problem_names_the_fields_of_the_form(status: int) -> None:
    problem = {
        "type": "/problems/invalid",
        "title": "内容不符合要求",
        "title_en": "Invalid content",
        "detail": "请按提示修改",
        "errors": [
            {"pointer": "/body/percent", "detail": "不大于 100"},
            {"pointer": "/body/industries/0", "detail": "至少 2 个字符"},
            {"pointer": "/header/If-Match", "detail": "必填"},
        ],
    }
    with pytest.raises(Rejected) as raised:
        check(httpx.Response(status, json=problem), "/api/progress/v1/lines")
    rejected = raised.value
    assert (rejected.status, rejected.slug, rejected.title_en) == (status, "invalid", "Invalid content")
    assert rejected.errors == {"percent": "不大于 100", "industries": "至少 2 个字符", "If-Match": "必填"}


@pytest.mark.parametrize(("said", "wait"), [({"Retry-After": "7"}, 7), ({"Retry-After": "86400"}, 3600), ({}, 5)])
def test_a_part_that_is_away_says_when_to_come_back(said: dict[str, str], wait: int) -> None:
    with pytest.raises(Away) as raised:
        check(httpx.Response(503, headers=said), "/api/progress/v1/lines")
    assert raised.value == Away("progress", wait)


@pytest.mark.parametrize(
    ("slug", "part"), [("scanner-away", "scanner"), ("accounts-away", "keycloak"), ("try-again", "progress")]
)
def test_what_a_service_needs_itself_is_named(slug: str, part: str) -> None:
    with pytest.raises(Away) as raised:
        check(httpx.Response(503, json={"type": f"/problems/{slug}"}), "/api/progress/v1/attachments")
    assert raised.value.part == part


def test_a_problem_says_how_long_to_wait_if_it_knows() -> None:
    for said, wait in (({"Retry-After": "2"}, 2), ({"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, None)):
        with pytest.raises(Rejected) as raised:
            check(httpx.Response(429, headers=said), "/api/progress/v1/lines")
        assert raised.value.wait == wait


def test_an_answer_that_is_no_problem_is_still_told() -> None:
    with pytest.raises(Rejected) as raised:
        check(httpx.Response(429, text="slow down"), "/api/progress/v1/lines")
    assert raised.value.title
