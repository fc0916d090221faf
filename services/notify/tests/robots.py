"""Robots of chats as their makers document them: what they take, how they check signatures, what they answer."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from services.notify.tests.receivers import HOST, Answer, Message, Receiver

SECRET = "SEC000example"
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=k1",
    "dingtalk": "/robot/send?access_token=t1",
    "feishu": "/open-apis/bot/v2/hook/h1",
}
HOUR = 3600


@dataclass
class Chat:
    """A group with a robot; ``code`` is answered instead of success. ``texts`` are what its people see."""

    kind: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    code: int = 0
    secret: str = SECRET
    texts: list[str] = field(default_factory=list)

    def url(self, receiver: Receiver) -> str:
        return f"http://{HOST}:{receiver.port}{PATHS[self.kind]}"

    def answer(self, message: Message) -> Answer:
        assert message.headers["content-type"].startswith("application/json")
        code = self.code or _ROBOTS[self.kind](self, message, json.loads(message.body))
        told = {"code": code, "msg": "…"} if self.kind == "feishu" else {"errcode": code, "errmsg": "…"}
        return 200, {"content-type": "application/json"}, json.dumps(told).encode()

    def fresh(self, seconds: float) -> bool:
        return abs(self.now().timestamp() - seconds) < HOUR


def _wecom(chat: Chat, message: Message, body: dict[str, Any]) -> int:
    if parse_qs(urlsplit(message.path).query) != {"key": ["k1"]}:
        return 93000
    content = body["markdown"]["content"] if body["msgtype"] == "markdown" else None
    if not isinstance(content, str) or not 0 < len(content.encode()) <= 4096:
        return 40058
    chat.texts.append(content)
    return 0


def _dingtalk(chat: Chat, message: Message, body: dict[str, Any]) -> int:
    query = parse_qs(urlsplit(message.path).query)
    if query["access_token"] != ["t1"]:
        return 300001
    if chat.secret:
        (timestamp,), (sign,) = query["timestamp"], query["sign"]
        if not chat.fresh(int(timestamp) / 1000) or sign != _hmac(chat.secret, f"{timestamp}\n{chat.secret}"):
            return 310000
    if body["msgtype"] != "markdown" or set(body["markdown"]) != {"title", "text"}:
        return 400105
    if len(message.body.encode()) > 20_000:
        return 460101
    chat.texts.append(body["markdown"]["text"])
    return 0


def _feishu(chat: Chat, message: Message, body: dict[str, Any]) -> int:
    if message.path != PATHS["feishu"]:
        return 19001
    if chat.secret:
        timestamp = body["timestamp"]
        if not chat.fresh(int(timestamp)) or body["sign"] != _hmac(f"{timestamp}\n{chat.secret}", ""):
            return 19021
    post = body["content"]["post"]["zh_cn"] if body["msg_type"] == "post" else None
    if post is None or len(message.body.encode()) > 20 * 1024:
        return 9499
    parts = [part for line in post["content"] for part in line]
    assert {part["tag"] for part in parts} == {"text", "a"}
    chat.texts.append("\n".join([post["title"], *(part.get("href") or part["text"] for part in parts)]))
    return 0


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


_ROBOTS = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}
