"""What robots are asked and what their answers mean; which news they get."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.channels import Message, Outcome, dingtalk, feishu, wecom
from notify.channels._robots import judge
from notify.robots import rules
from notify.webhooks.rules import Reason
from notify.webhooks.sending import Exchange

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MESSAGE = Message(
    UUID("01a20d09-f31d-7663-8855-fc7a20d86316"), "", "进展\n被退回", "原因：材料不足", "https://x/lines/1", NOW
)
URLS = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token=0a1b",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b",
}


def test_signatures_are_those_of_the_documented_algorithms() -> None:
    """The values were had from ``openssl dgst -sha256 -hmac``."""
    assert dingtalk.sign("SECx", "1700000000000") == "rgcjbH+yFyES+S0llX+cAPCwVRpsr7sbiX5Lnyo/ocU="
    assert feishu.sign("x", "1700000000") == "t2WKLO/e84QnCSsgE16ZiT4RlU8enB7yv0kH7MEVm98="


@pytest.mark.parametrize(
    ("exchange", "outcome", "reason"),
    [
        (Exchange({}, status=200, answer='{"errcode":0,"errmsg":"ok"}'), Outcome.SENT, None),
        (Exchange({}, status=200, answer='{"errcode":45009}'), Outcome.LATER, "errcode 45009"),
        (Exchange({}, status=200, answer='{"errcode":93000}'), Outcome.FAILED, "errcode 93000"),
        (Exchange({}, status=200, answer='{"errcode":7}'), Outcome.LATER, "errcode 7"),
        (Exchange({}, status=200, answer="ok"), Outcome.UNKNOWN, "answer"),
        (Exchange({}, status=200, answer='["errcode"]'), Outcome.UNKNOWN, "answer"),
        (Exchange({}, reason=Reason.TIMEOUT), Outcome.UNKNOWN, "timeout"),
        (Exchange({}, reason=Reason.PROTOCOL), Outcome.UNKNOWN, "protocol"),
        (Exchange({}, reason=Reason.CONNECTION), Outcome.LATER, "connection"),
        (Exchange({}, reason=Reason.UNRESOLVED), Outcome.LATER, "unresolved"),
        (Exchange({}, reason=Reason.ADDRESS), Outcome.FAILED, "address"),
        (Exchange({}, status=503, reason=Reason.STATUS), Outcome.LATER, "HTTP 503"),
        (Exchange({}, status=429, reason=Reason.STATUS), Outcome.LATER, "HTTP 429"),
        (Exchange({}, status=404, reason=Reason.STATUS), Outcome.FAILED, "HTTP 404"),
        (Exchange({}, status=302, reason=Reason.REDIRECT), Outcome.FAILED, "redirect"),
    ],
)
def test_what_an_exchange_comes_to(exchange: Exchange, outcome: Outcome, reason: str | None) -> None:
    result = judge(exchange, wecom.CODES)
    assert (result.outcome, result.reason) == (outcome, reason)


@given(st.text(max_size=9000).filter(lambda text: "\x00" not in text), st.text(max_size=9000))
def test_no_message_is_longer_than_its_robot_takes(body: str, title: str) -> None:
    message = replace(MESSAGE, body=body.encode(errors="ignore").decode(), title=title.encode(errors="ignore").decode())
    sizes = {}
    for kind, found in rules.kinds().items():
        asked = found.ask(message, URLS[kind], "SECx", NOW)
        sizes[kind] = len(json.dumps(asked.body, ensure_ascii=False).encode())
        assert str(MESSAGE.id) in json.dumps(asked.body)
    content: str = wecom.ask(message, "", "", NOW).body["markdown"]["content"]
    assert len(content.encode()) <= wecom.MOST_BYTES
    assert sizes["dingtalk"] <= 20_000 and sizes["feishu"] <= 20 * 1024


def test_markdown_in_a_message_says_nothing() -> None:
    asked = wecom.ask(replace(MESSAGE, body="<@all> [x](http://evil) **!**"), "", "", NOW).body["markdown"]["content"]
    assert "<@all>" not in asked and "[x]" not in asked and asked.count("**") == 2


@pytest.mark.parametrize("kind", URLS)
def test_the_signature_goes_where_the_robot_looks_for_it(kind: str) -> None:
    asked = rules.kinds()[kind].ask(MESSAGE, URLS[kind], "SECx", NOW)
    body: Any = asked.body
    assert asked.url.startswith(URLS[kind])
    assert ("sign=" in asked.url, "sign" in body) == (kind == "dingtalk", kind == "feishu")


@pytest.mark.parametrize("kind", URLS)
def test_an_address_is_of_one_kind(kind: str) -> None:
    found = {other for other, known in rules.kinds().items() if known.fits(URLS[kind])}
    assert found == {kind}
    assert rules.shown(URLS[kind]).endswith("…0a1b") and "=" not in rules.shown(URLS[kind])


@pytest.mark.parametrize(
    ("groups", "kinds", "wanted"),
    [
        ([], ["report.returned"], True),
        (["returned"], ["report.returned"], True),
        (["returned"], ["line.opened"], False),
        (["returned", "lines"], ["line.opened"], True),
        (["lines"], ["report.returned", "line.opened"], True),
    ],
)
def test_a_robot_gets_the_news_it_was_set_up_for(groups: list[str], kinds: list[str], wanted: bool) -> None:
    assert rules.wants(groups, kinds) is wanted
