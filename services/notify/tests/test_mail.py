"""Mails in the running system: each once, whatever dies; operators see how, but not what."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.system import System
from notify.channels.mail import AT_ONCE
from services.notify.tests.samples import event, line, report
from services.notify.tests.support import Publish, entries, until
from tests import support

DELIVERIES = "/api/notify/v1/deliveries"


@pytest.fixture
def title() -> str:
    return f"事项{uuid4().hex[:12]}"


def mails(system: System, text: str) -> list[dict[str, Any]]:
    return [mail for mail in support.mails(system) if text in mail["text"]]


def recipients(system: System, text: str) -> Counter[str]:
    return Counter(mail["to"] for mail in mails(system, text))


def returned(title: str) -> Any:
    return event("report.returned", line=line(task={"title": title}), report=report(reason="佐证材料不足"))


def test_those_concerned_get_one_mail_each(system: System, publish: Publish, title: str) -> None:
    sent = returned(title)
    publish(sent, sent)
    until(lambda: len(mails(system, title)) == 4)
    (hefei,) = [mail for mail in mails(system, title) if "请修改完善后重新提交" in mail["text"]]
    assert hefei["subject"] == f"【自贸试验区】进展填报被退回：{title}"
    assert f"{system.endpoints['gateway']}/lines/" in hefei["text"]
    assert all(count == 1 for count in recipients(system, title).values())


def test_openings_make_one_mail_with_the_final_count(system: System, publish: Publish) -> None:
    edition = uuid4().int % 10**9
    publish(*(event("line.opened", line=line(), edition=edition) for _ in range(20)))
    until(lambda: len(mails(system, f"第 {edition} 版")) == 5, 30)
    assert all("新增推进事项 20 项" in mail["text"] for mail in mails(system, f"第 {edition} 版"))
    assert len(recipients(system, f"第 {edition} 版")) == 5


def test_a_killed_worker_leaves_no_mail_behind_and_sends_none_under_another_id(
    system: System, publish: Publish, title: str
) -> None:
    restarts = system.components["notify-worker"]["restarts"]
    publish(*(returned(f"{title}{number}末") for number in range(20)))
    until(lambda: mails(system, title))
    system.kill("notify-worker")
    system.wait_restarted("notify-worker", restarts)
    until(lambda: len({mail["id"] for mail in mails(system, title)}) == 80, 60)
    once = Counter(mail["id"] for mail in mails(system, title))
    assert sum(count - 1 for count in once.values()) <= AT_ONCE, "only mails at hand may have been told twice"


def test_a_worker_that_dies_before_it_sends_is_made_up_for_once(system: System, publish: Publish) -> None:
    edition = uuid4().int % 10**9
    restarts = system.components["notify-worker"]["restarts"]
    publish(*(event("line.opened", line=line(), edition=edition) for _ in range(5)))
    system.kill("notify-worker")
    system.wait_restarted("notify-worker", restarts)
    until(lambda: len(mails(system, f"第 {edition} 版")) == 5, 60)
    assert all("新增推进事项 5 项" in mail["text"] for mail in mails(system, f"第 {edition} 版"))


def test_mails_wait_for_a_server_that_is_away_while_entries_go_on(system: System, publish: Publish, title: str) -> None:
    restarts = system.components["mail"]["restarts"]
    system.kill("mail")
    publish(returned(title))
    until(lambda: entries(system, "hefei.admin", title))
    system.wait_restarted("mail", restarts)
    until(lambda: len(mails(system, title)) == 4, 60)


def test_operators_see_states_but_neither_addresses_nor_contents(system: System, publish: Publish, title: str) -> None:
    publish(returned(title))
    until(lambda: len(mails(system, title)) == 4)
    addresses = set(recipients(system, title))
    with system.client("operator.demo") as client:
        answer = client.get(DELIVERIES, params={"state": "sent", "limit": 200})
    assert answer.status_code == 200
    newest = answer.json()["items"][0]
    assert newest["state"] == "sent" and newest["attempts"] >= 1 and newest["sent_at"]
    assert title not in answer.text
    assert not [address for address in addresses if address in answer.text]


@pytest.mark.parametrize("user", ["hefei.admin", "dept.swt", "auditor.demo"])
def test_others_do_not_see_deliveries(system: System, user: str) -> None:
    with system.client(user) as client:
        assert client.get(DELIVERIES).status_code == 403
