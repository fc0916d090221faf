"""What the owner of a webhook is told by mail when it keeps failing, or is paused. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from chassis.clock import SHANGHAI
from notify import audiences
from notify.deliveries.store import Letter
from notify.inbox.rules import Entry
from notify.inbox.texts import Texts
from notify.webhooks.rules import GIVE_UP_AFTER, Paused, Standing

HREF = "/interfaces/api/notify"


def notice(webhook: Mapping[str, Any], standing: Standing, now: datetime) -> Entry:
    """What is told now; told again, it is another entry."""
    host, since = urlsplit(webhook["url"]).netloc, standing.failing_since or now
    return Entry(
        audience=audiences.integrator(webhook["integrator"]),
        key=f"webhook:{webhook['id']}:{now.isoformat()}",
        kind="webhook.failing",
        tenant="province",
        texts=_texts(host, str(webhook["id"]), standing.paused, f"{since.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        href=HREF,
    )


def letter(told: Entry, contact: str, now: datetime) -> Letter:
    """The same by mail to the owner's contact."""
    return Letter("mail", contact, told.key, told.texts.title, told.texts.body, told.href, now)


def _texts(host: str, webhook_id: str, paused: Paused | None, since: str) -> Texts:
    name, name_en = f"推送地址 {host}（{webhook_id}）", f"The webhook {webhook_id} to {host}"
    if paused is Paused.GONE:
        return Texts(
            f"事件推送已暂停：{host}",
            f"{name}应答 410，表示不再接收，推送已暂停。需要继续接收时，请在接口中恢复，未推送的事件随即补发。",
            f"Webhook paused: {host}",
            f"{name_en} answered 410, so nothing is sent any more. Resume it by the API to go on where it stopped.",
        )
    if paused is Paused.FAILING:
        days = GIVE_UP_AFTER.days
        return Texts(
            f"事件推送已暂停：{host}",
            f"{name}自 {since} 起连续 {days} 天推送失败，已暂停。请检查接收程序，再在接口中恢复，届时从停下处补发。",
            f"Webhook paused: {host}",
            f"{name_en} has failed for {days} days, since {since} (Beijing), and is paused. Look after the receiver,"
            " then resume it by the API: it goes on where it stopped.",
        )
    return Texts(
        f"事件推送持续失败：{host}",
        f"{name}自 {since} 起没有一次推送成功。系统继续重试，满 {GIVE_UP_AFTER.days} 天仍不成功将暂停推送。"
        "请检查接收程序；各次推送失败的原因可在接口中查阅。",
        f"Webhook keeps failing: {host}",
        f"{name_en} has not succeeded once since {since} (Beijing). It is tried again, and paused after"
        f" {GIVE_UP_AFTER.days} days. The API tells why each try failed.",
    )
