"""What becomes of mails, and what they look like."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import aiosmtplib
import pytest

from notify.channels import Outcome
from notify.channels._letter import compose
from notify.channels.mail import judge

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def refused(code: int) -> aiosmtplib.SMTPRecipientsRefused:
    return aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(code, "no such user", "who@example.cn")])


@pytest.mark.parametrize(
    ("error", "outcome", "reason", "away"),
    [
        (refused(550), Outcome.FAILED, "SMTP 550", False),
        (refused(450), Outcome.LATER, "SMTP 450", False),
        (aiosmtplib.SMTPDataError(554, "spam"), Outcome.FAILED, "SMTP 554", False),
        (aiosmtplib.SMTPSenderRefused(550, "who are you", "x@y"), Outcome.LATER, "SMTP 550", False),
        (aiosmtplib.SMTPConnectResponseError(421, "busy"), Outcome.LATER, "SMTP 421", True),
        (aiosmtplib.SMTPConnectError("10.0.0.1"), Outcome.LATER, "connection", True),
        (aiosmtplib.SMTPConnectTimeoutError("10.0.0.1"), Outcome.LATER, "connection", True),
        (aiosmtplib.SMTPReadTimeoutError("too late"), Outcome.UNKNOWN, "timeout", False),
        (aiosmtplib.SMTPServerDisconnected("gone"), Outcome.UNKNOWN, "disconnected", False),
        (OSError("10.0.0.1"), Outcome.LATER, "OSError", False),
    ],
)
def test_what_a_failed_try_means(error: Exception, outcome: Outcome, reason: str, away: bool) -> None:
    result = judge(error)
    assert (result.outcome, result.reason, result.away) == (outcome, reason, away)
    assert "10.0.0.1" not in result.detail and "who@example.cn" not in result.detail


def test_a_mail_is_text_and_html_in_chinese_and_no_content_breaks_out_of_it() -> None:
    mail = compose(
        sender="portal@gov.example",
        address="hefei@example.cn",
        message_id="<1@gov.example>",
        title="进展填报被退回\nBcc: x@y",
        body="原因：<script>alert(1)</script> 100% {url}\n  http://portal.example/orders/2\nhttp://evil.example/3",
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
    assert 'href="http://portal.example/orders/2"' in html and 'href="http://evil' not in html
