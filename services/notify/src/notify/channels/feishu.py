"""Custom robots of Feishu (飞书自定义机器人): a token in the path, signed in the body, at most 20 kB, 100 a minute and
5 a second.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from notify.channels import Channel, Limit, Means, Message
from notify.channels._robots import Codes, Kind, Request, Robots
from notify.channels._wording import DETAILS, cut, heading, number

MOST_BYTES = 15_000
"""Of the text; the limit is that of the whole body."""
WORDS = ("飞书群机器人", "Feishu group robot")
MINUTE = timedelta(minutes=1)
CODES = Codes(
    "code",
    busy={11232: MINUTE},
    refused={
        19001: "机器人地址无效，或机器人已被移出群聊。",
        19021: "签名不符，或平台时间有偏差。",
        19022: "平台的 IP 地址不在机器人的白名单中。",
        19024: "消息不含机器人要求的关键词。",
        9499: "对方不接受消息的内容或长度。",
        19002: "对方不接受消息的内容或长度。",
    },
)


def sign(secret: str, seconds: str) -> str:
    """HMAC-SHA256 of nothing, by the time and the secret."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def ask(message: Message, url: str, secret: str, now: datetime) -> Request:
    """Rich text, whose parts say nothing but what they say."""
    lines = [
        [{"tag": "text", "text": cut(message.body, MOST_BYTES)}],
        [{"tag": "a", "text": DETAILS, "href": message.url}],
        [{"tag": "text", "text": number(message)}],
    ]
    post = {"title": heading(message), "content": lines}
    body: dict[str, Any] = {"msg_type": "post", "content": {"post": {"zh_cn": post}}}
    if secret:
        seconds = str(int(now.timestamp()))
        body = {"timestamp": seconds, "sign": sign(secret, seconds), **body}
    return Request(url, body)


ROBOT = Kind(
    words=WORDS,
    example="https://open.feishu.cn/open-apis/bot/v2/hook/…",
    signs=True,
    fits=lambda url: re.search(r"/hook/[^/]+$", urlsplit(url).path) is not None,
    limits=(Limit(100, MINUTE), Limit(5, timedelta(seconds=1))),
    codes=CODES,
    ask=ask,
)


def channel(means: Means) -> Channel:
    return Robots.of(ROBOT, means)
