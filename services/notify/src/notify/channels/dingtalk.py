"""Custom robots of DingTalk (钉钉自定义机器人): a token in the address, signed in the query, at most 20,000 bytes.

More than 20 messages a minute shut a robot for ten minutes.
https://open.dingtalk.com/document/robots/custom-robot-access
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from notify.channels import Channel, Limit, Means, Message
from notify.channels._robots import Codes, Kind, Request, Robots, has_in_query, plain, shortened, with_query
from notify.channels._wording import DETAILS, heading, number

MOST_BYTES = 18_000
"""Of the text; the limit is that of the whole body."""
WORDS = ("钉钉群机器人", "DingTalk group robot")
SHUT = timedelta(minutes=10)
GONE = "机器人不存在、已停用，或群已解散。"
CONTENT = "对方不接受消息的内容或长度。"
CODES = Codes(
    "errcode",
    busy={130101: SHUT, 410100: SHUT},
    refused={
        310000: "签名不符，或不满足机器人的安全设置（关键词、IP 地址段）。",
        **dict.fromkeys((300001, 300005, 400013, 400101, 400102, 400106), GONE),
        **dict.fromkeys((40035, 43004, 400105, 430101, 430102, 430103, 430104, 460101), CONTENT),
    },
)


def sign(secret: str, milliseconds: str) -> str:
    """HMAC-SHA256 of the time and the secret, by the secret."""
    signed = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return base64.b64encode(signed.digest()).decode()


def ask(message: Message, url: str, secret: str, now: datetime) -> Request:
    text = shortened(message, MOST_BYTES, _text)
    body = {"msgtype": "markdown", "markdown": {"title": heading(message), "text": text}}
    if not secret:
        return Request(url, body)
    milliseconds = str(int(now.timestamp() * 1000))
    return Request(with_query(url, timestamp=milliseconds, sign=sign(secret, milliseconds)), body)


def _text(message: Message) -> str:
    """Lines are paragraphs: a single break is none."""
    body = "\n\n".join(message.body.splitlines())
    return f"**{plain(heading(message))}**\n\n{body}\n\n[{DETAILS}]({message.url})\n\n{number(message)}"


ROBOT = Kind(
    words=WORDS,
    example="https://oapi.dingtalk.com/robot/send?access_token=…",
    signs=True,
    fits=lambda url: has_in_query(url, "access_token"),
    limits=(Limit(20, timedelta(minutes=1)),),
    codes=CODES,
    ask=ask,
)


def channel(means: Means) -> Channel:
    return Robots.of(ROBOT, means)
