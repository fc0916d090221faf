"""When mails are repeated and given up, and what they look like."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from uuid import UUID

import aiosmtplib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.mail import rules
from notify.mail.message import compose

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ENTRY = UUID("01a20d09-f31d-7663-8855-fc7a20d86316")


def refused(code: int) -> aiosmtplib.SMTPRecipientsRefused:
    return aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(code, "no such user", "who@example.cn")])


@pytest.mark.parametrize(
    ("error", "age", "final", "reason"),
    [
        (refused(550), 0, True, "SMTP 550"),
        (refused(450), 0, False, "SMTP 450"),
        (refused(450), 73, True, "SMTP 450"),
        (aiosmtplib.SMTPDataError(554, "spam"), 0, True, "SMTP 554"),
        (aiosmtplib.SMTPSenderRefused(550, "who are you", "x@y"), 0, False, "SMTP 550"),
        (ConnectionRefusedError("10.0.0.1"), 0, False, "ConnectionRefusedError"),
        (TimeoutError(), 71, False, "TimeoutError"),
    ],
)
def test_what_a_failed_try_means(error: Exception, age: int, final: bool, reason: str) -> None:
    assert rules.judge(error, NOW - timedelta(hours=age), NOW) == rules.Verdict(final, reason)


@given(st.integers(1, 10_000))
def test_pauses_grow_up_to_five_minutes(attempts: int) -> None:
    assert 1 <= rules.pause_seconds(attempts) <= rules.pause_seconds(attempts + 1) <= rules.LONGEST_PAUSE


def test_each_try_of_a_mail_has_the_same_id_and_each_mail_its_own() -> None:
    first = rules.message_id(ENTRY, "a@example.cn", "portal@gov.example")
    assert first == rules.message_id(ENTRY, "A@example.cn", "portal@gov.example")
    assert first != rules.message_id(ENTRY, "b@example.cn", "portal@gov.example")
    assert first.endswith("@gov.example>")


def test_a_mail_is_text_and_html_in_chinese_and_no_content_breaks_out_of_it() -> None:
    mail = compose(
        sender="portal@gov.example",
        address="hefei@example.cn",
        message_id="<1@gov.example>",
        title="进展填报被退回\nBcc: x@y",
        body="原因：<script>alert(1)</script> 100% {url}",
        url="http://portal.example/lines/1?a=1&b=2",
        at=NOW,
    )
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read["Subject"] == "【自贸试验区】进展填报被退回 Bcc: x@y"
    assert read["Bcc"] is None
    plain, rich = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None and rich is not None
    text, html = plain.get_content(), rich.get_content()
    assert "原因：<script>alert(1)</script> 100% {url}" in text
    assert "<script>" not in html
    assert "a=1&amp;b=2" in html
