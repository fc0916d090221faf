"""A message as an e-mail, in Chinese, as plain text and as HTML. Pure."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

NAME = "安徽自贸试验区工作平台"
FOOTER = "本邮件由系统自动发送，请勿直接回复。 · Sent by the system; please do not reply."

HTML = """\
<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<body style="font-family:sans-serif;line-height:1.7;color:#182433">
<p style="white-space:pre-line">{body}</p>
<p><a href="{url}" style="color:#0054a6">查看详情 · Details</a></p>
<hr style="border:0;border-top:1px solid #dce1e7">
<p style="font-size:small;color:#5a6675">{name}<br>{footer}</p>
</body>
</html>
"""


def compose(
    *, sender: str, address: str, message_id: str, title: str, body: str, url: str, at: datetime
) -> EmailMessage:
    """The mail to one address; ``at`` is when it happened. ValueError for an address that no header can carry."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = f"【自贸试验区】{' '.join(title.split())}"
    message["Date"] = at
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{body}\n\n查看详情 · Details: {url}\n\n--\n{NAME}\n{FOOTER}\n", cte="base64")
    html = HTML.format(body=_linked(escape(body), url), url=escape(url), name=NAME, footer=FOOTER)
    message.add_alternative(html, subtype="html", cte="base64")
    return message


def _linked(text: str, url: str) -> str:
    """Addresses of the portal as links, no others: what people wrote leads nowhere."""
    own = re.escape(escape("/".join(url.split("/", 3)[:3])))
    return re.sub(rf"{own}/[^\s<]*", r'<a href="\g<0>" style="color:#0054a6">\g<0></a>', text)
