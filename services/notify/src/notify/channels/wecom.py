"""Group robots of WeCom (企业微信群机器人): a key in the address, no signature, at most 4096 bytes of Markdown.

https://developer.work.weixin.qq.com/document/path/91770
"""

from datetime import datetime, timedelta

from notify.channels import Channel, Limit, Means, Message
from notify.channels._robots import Codes, Kind, Request, Robots, has_in_query, plain, shortened
from notify.channels._wording import DETAILS, heading, number

MOST_BYTES = 4096
WORDS = ("企业微信群机器人", "WeCom group robot")
MINUTE = timedelta(minutes=1)
CODES = Codes(
    "errcode",
    busy={45009: MINUTE, 45033: MINUTE},
    refused={
        93000: "机器人地址无效，或机器人已被移出群聊。",
        40008: "对方不接受这种消息。",
        40058: "对方不接受消息的内容或长度。",
        45002: "对方不接受消息的内容或长度。",
    },
)


def ask(message: Message, url: str, secret: str, now: datetime) -> Request:
    content = shortened(message, MOST_BYTES, _content)
    return Request(url, {"msgtype": "markdown", "markdown": {"content": content}})


def _content(message: Message) -> str:
    return (
        f"**{plain(heading(message))}**\n{message.body}\n[{DETAILS}]({message.url})\n"
        f'<font color="comment">{number(message)}</font>'
    )


ROBOT = Kind(
    words=WORDS,
    example="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    signs=False,
    fits=lambda url: has_in_query(url, "key"),
    limits=(Limit(20, MINUTE),),
    codes=CODES,
    ask=ask,
)


def channel(means: Means) -> Channel:
    return Robots.of(ROBOT, means)
