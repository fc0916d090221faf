"""The running services answer through the gateway what the pacts of the portal and of the integrator say."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from pact import Verifier

from chassis.clock import today
from chassis.events import uuid7
from contracts.consumers import (
    announcements,
    deadlines,
    details,
    grants,
    letters,
    offices,
    preferences,
    robots,
    webhooks,
)
from contracts.consumers.messages import ID
from contracts.consumers.portal import (
    A_BULLETIN,
    A_CASE,
    A_DECISION,
    A_RETURN,
    AN_INDICATOR,
    AN_INVITATION,
    ATTACHED,
    ONE_UNREAD,
    TURNS,
    UNTOUCHED,
)
from contracts.generate import FOLDER
from deploy.local.system import System
from tests import assessments
from tests.cases import acted, published
from tests.contract.supervision import ORDER, PROBLEM
from tests.indicators import confirmed, put, recorded
from tests.sheets import uploaded
from tests.support import (
    CATALOG,
    NOTIFY,
    PROGRESS,
    announcement,
    attach,
    bulletin,
    change,
    client_of,
    decision,
    done,
    filing_of,
    get,
    handed_over,
    lines,
    name_person,
    open_period,
    order_in_hand,
    pages,
    post,
    until,
)

REPORT = {"percent": 40, "done": "完成招标"}
QUIET = ["deadlines"]
"""News that nobody gets here: a robot that cannot be reached is left alone for half a minute after each message."""


def verify(
    system: System,
    provider: str,
    user: str,
    folder: Path,
    states: Mapping[str, Callable[[], None]],
    things: Mapping[str, str],
    *,
    consumer: str = "portal",
    at: str = "",
    only: str = "",
) -> None:
    """``things`` are the ids of the real things that the pact's example ids stand for. The provider is asked through
    the gateway or ``at`` another address, for everything or only for what is described so.
    """
    pact = folder / f"{consumer}-{provider}.json"
    text = (FOLDER / "pacts" / pact.name).read_text("utf-8")
    for example, real in things.items():
        text = text.replace(example, real)
    pact.write_text(text, "utf-8")
    verifier = (
        Verifier(provider, host="127.0.0.1").add_transport(url=at or system.endpoints["gateway"]).add_source(pact)
    )
    verifier.add_custom_header("Authorization", f"Bearer {system.token(user)}")
    if states:
        verifier.state_handler(states, teardown=False)
    if only:
        verifier.filter(f"^{only}$")
    verifier.verify()


def reportable(system: System) -> str:
    """A line of Hefei's to which nothing was done."""
    return [str(line["id"]) for line in lines(system, "hefei.admin", state="not_started") if line["version"] == 1][-1]


def an_order(system: System) -> str:
    """One that Hefei has in hand, with an attachment of its own."""
    order = order_in_hand(system)
    attach(system, "hefei.admin", "order", order)
    return order


def _unnamed(system: System, line_id: str) -> bool:
    return bool(get(system, "hefei.admin", f"{PROGRESS}/lines/{line_id}/person")["version"] == 1)


def of_offices(system: System) -> dict[str, str]:
    """What the pact's examples of ``contracts.consumers.offices`` stand for."""
    unnamed = (each["id"] for each in lines(system, "hefei.admin") if _unnamed(system, each["id"]))
    line, named, passed = islice(unnamed, 3)
    givers = get(system, "hefei.admin", f"{PROGRESS}/belongings", person=offices.GIVER)["items"]
    owned = givers[0]["id"] if givers else next(unnamed)
    path, _ = assessments.published(system, 2090)
    (period, sheet), (filled_period, filled_sheet) = (uploaded(system, "hefei.admin", "1") for _ in range(2))
    return {
        offices.PERIOD: period,
        offices.SHEET: sheet,
        offices.FILLED_PERIOD: filled_period,
        offices.FILLED_SHEET: filled_sheet,
        offices.LINE: line,
        offices.OWNED_LINE: owned,
        offices.NAMED_LINE: named,
        offices.HANDOVER: handed_over(system, "hefei.admin", passed),
        offices.ASSESSMENT: path.rpartition("/")[2],
    }


def of_details(system: System) -> dict[str, str]:
    """What the pact's examples of ``contracts.consumers.details`` stand for."""
    line = next(
        each for each in lines(system, "hefei.admin", unit="swt", state="not_started") if not each["latest_report"]
    )
    filing = filing_of(system, open_period(system, [line["task"]["plan"]["code"]]), line["id"])
    path = f"{PROGRESS}/filings/{filing['id']}/part"
    headers = {"If-Match": f'"{filing["version"]}"'}
    client_of(system, "dept.swt").put(path, json={"text": "省级已出台政策"}, headers=headers).raise_for_status()
    code = confirmed(system, "swt")
    for year, value in ((today().year - 1, "10"), (today().year, "12.5")):
        recorded(system, "hefei.admin", code, "hefei", value, f"{year}-01")
    case = published(system)
    acted(system, "wuhu.admin", case, "replications/wuhu/refusal", reason="没有综合窗口")
    acted(system, "wuhu.admin", case, "replications/wuhu/adoption", plan="窗口建成后推广")
    return {details.FILING: filing["id"], details.INDICATOR: code, details.CASE: case}


def test_the_catalog(system: System, tmp_path: Path) -> None:
    verify(system, "catalog", "province.admin", tmp_path, {}, {ID: str(uuid4())})


def no_feed(system: System) -> None:
    change(system, "hefei.admin", "calendar-feed/revocation", {})


def test_progress(system: System, tmp_path: Path) -> None:
    def a_return() -> None:
        line = reportable(system)
        done(system, "hefei.admin", line, "reports", **REPORT)
        done(system, "province.admin", line, "latest/return", reason="缺少佐证材料")

    def turns() -> None:
        order = change(system, "province.admin", "orders", ORDER | {"deadline": "2030-06-28"})
        change(system, "province.admin", f"orders/{order['id']}/issuance", {"sign_due": "2030-06-01"}, 1)
        problem = change(system, "hefei.admin", "problems", PROBLEM)
        change(system, "province.admin", f"problems/{problem['id']}/answers", {"text": "已安排"}, 1)

    def a_case() -> None:
        acted(system, "wuhu.admin", published(system), "replications/wuhu/adoption", plan="先行试点")

    def an_invitation() -> None:
        published(system, "wuhu.admin")

    def a_decision() -> None:
        decision(system, "zone:hefei")

    def a_bulletin() -> None:
        bulletin(system, "all")

    def an_indicator() -> None:
        code = confirmed(system, "swt", name="新设企业数")
        period = f"{today().year}-01"
        target = {"jurisdiction": "hefei", "year": today().year, "value": "100"}
        put(system, code, "/targets", {"targets": [target]})
        recorded(system, "hefei.admin", code, "hefei", period=period)

    things = {ID: reportable(system), ATTACHED: an_order(system)} | of_offices(system) | of_details(system)
    states: dict[str, Callable[[], None]] = {
        A_RETURN: a_return,
        TURNS: turns,
        A_CASE: a_case,
        AN_INVITATION: an_invitation,
        A_BULLETIN: a_bulletin,
        A_DECISION: a_decision,
        AN_INDICATOR: an_indicator,
        offices.A_GIVER: partial(name_person, system, "hefei.admin", things[offices.OWNED_LINE], offices.GIVER),
        deadlines.NO_FEED: partial(no_feed, system),
        UNTOUCHED: lambda: None,
    }
    verify(system, "progress", "hefei.admin", tmp_path, states, things)


def test_notify(system: System, tmp_path: Path) -> None:
    inbox = f"{NOTIFY}/inbox"

    def unread() -> list[Any]:
        return pages(system, "hefei.admin", inbox, unread="true")

    def one_unread() -> None:
        """What else has come, or comes meanwhile, is read."""
        line = reportable(system)
        done(system, "hefei.admin", line, "reports", **REPORT)
        done(system, "province.admin", line, "latest/return", reason="缺少佐证材料")
        told = until(lambda: next((each["id"] for each in unread() if line in each["href"]), None))
        with system.client("hefei.admin") as client:
            for other in (each["id"] for each in unread() if each["id"] != told):
                client.post(f"{inbox}/{other}/reading").raise_for_status()

    one_unread()
    entry = unread()[0]["id"]
    sent = {each: announcement(system, "zone:hefei") for each in (announcements.UNREAD, announcements.CONFIRMED)}
    with _robots(system) as named, _preferred(system) as version:
        things = {ID: entry, str(preferences.PREFERRED): version} | named | sent
        verify(system, "notify", "hefei.admin", tmp_path, {ONE_UNREAD: one_unread}, things)


@contextmanager
def _preferred(system: System) -> Iterator[str]:
    """The version of what Hefei chose of notifications; it is chosen again at the end."""
    path, names = f"{NOTIFY}/preferences", ("quiet", "working_days_only", "digest", "language")
    with system.client("hefei.admin") as client:
        chosen = client.get(path).json()
        choices = {group["code"]: group["choice"] for group in chosen["groups"]}
        try:
            yield str(chosen["version"])
        finally:
            present = {"If-Match": client.get(path).headers["ETag"]}
            before = {"choices": choices} | {name: chosen[name] for name in names}
            client.put(path, json=before, headers=present).raise_for_status()


@contextmanager
def _robots(system: System) -> Iterator[dict[str, str]]:
    """What the examples of ``contracts.consumers.robots`` stand for; gone at the end, with all of their name."""
    path = f"{NOTIFY}/robots"
    given: dict[str, Any] = {"kind": "wecom", "name": "契约工作群", "url": robots.URL, "groups": QUIET}
    robot, paused = (str(post(system, "hefei.admin", path, **given)["id"]) for _ in range(2))
    sent = str(post(system, "hefei.admin", f"{path}/{robot}/test")["recent"][0]["id"])
    until(lambda: get(system, "operator.demo", f"{NOTIFY}/deliveries/{sent}")["error"] == "connection")
    try:
        yield {robots.ROBOT: robot, robots.PAUSED: paused, robots.DELIVERY: sent}
    finally:
        with system.client("hefei.admin") as client:
            for each in client.get(path).json()["items"]:
                if each["name"] == given["name"]:
                    version = {"If-Match": f'"{each["version"]}"'}
                    client.post(f"{path}/{each['id']}/removal", headers=version).raise_for_status()


def test_notify_for_the_province(system: System, tmp_path: Path) -> None:
    sent = {each: announcement(system, "zone:bengbu") for each in (announcements.SENT, announcements.WITHDRAWN)}
    made = sent | {announcements.DRAFT: announcement(system, addressed=["zone:hefei"])}
    verify(system, "notify", "province.admin", tmp_path, {}, made, consumer="portal-province")


def test_notify_for_an_integrator(system: System, tmp_path: Path) -> None:
    verify(system, "notify", "integrator-hefei", tmp_path, {}, {}, consumer="integrator")


def test_the_catalog_for_the_security_administrator(system: System, tmp_path: Path) -> None:
    (person, *_) = get(system, "security.demo", f"{CATALOG}/people", office="zone:hefei", search="hefei.admin")["items"]
    named = {grants.PERSON: person["id"]}
    assert system.token("hefei.admin")  # so that the zone's administrator is logged in somewhere
    verify(system, "catalog", "security.demo", tmp_path, {}, named, consumer="portal-security")


def _in_step(system: System, client: str) -> bool:
    steps = get(system, "security.demo", f"{NOTIFY}/integrators/{client}")["steps"]
    return {step["state"] for step in steps} == {"in_step"}


def test_notify_for_the_security_administrator(system: System, tmp_path: Path) -> None:
    clients = {example: f"contract-{uuid4().hex[:12]}" for example in (grants.CLIENT, grants.ROTATED)}
    for client in clients.values():
        about: dict[str, Any] = {"name": "市数据平台", "contact": "data@zoneportal.internal", "tenants": ["hefei"]}
        post(system, "security.demo", f"{NOTIFY}/integrators", client=client, **about)
        until(partial(_in_step, system, client))
    named = _webhooks(system)
    verify(system, "notify", "security.demo", tmp_path, {}, clients | named, consumer="portal-security")
    _forget(system, named)


def _forget(system: System, named: Mapping[str, str]) -> None:
    """Removes the webhooks again."""
    for webhook in (webhooks.WEBHOOK, webhooks.PAUSED):
        path = f"{NOTIFY}/webhooks/{named[webhook]}"
        version = get(system, "integrator-hefei", path)["version"]
        with system.client("integrator-hefei") as owner:
            owner.post(f"{path}/removal", headers={"If-Match": f'"{version}"'}).raise_for_status()


def _webhooks(system: System) -> dict[str, str]:
    """What the examples of ``contracts.consumers.webhooks`` stand for."""
    path = f"{NOTIFY}/webhooks"
    given: dict[str, Any] = {"url": "http://127.0.0.2:9999/", "tenants": ["hefei"]}
    paused, webhook = (str(post(system, "integrator-hefei", path, **given)["id"]) for _ in range(2))
    sent = str(post(system, "integrator-hefei", f"{path}/{webhook}/test")["id"])
    until(lambda: get(system, "integrator-hefei", f"{path}/{webhook}/deliveries/{sent}")["reason"] == "connection")
    return {webhooks.WEBHOOK: webhook, webhooks.PAUSED: paused, webhooks.DELIVERY: sent}


@pytest.mark.parametrize("service", ["progress", "notify"])
async def test_a_service_for_the_operator(system: System, tmp_path: Path, service: str) -> None:
    real = {example: str(uuid7()) for example in (letters.LETTER, letters.DISCARDED)}
    connection = await asyncpg.connect(system.database(service))
    for id_ in (*real.values(), str(uuid7())):  # one stays, to be listed
        await connection.execute(
            "INSERT INTO dead_letter (id, consumer, topic, key, headers, value, reason, replayable)"
            " VALUES ($1, 'tests', 'tests', 'k', $2, '{}', 'ValueError()', true)",
            *(id_, '{"ce_type": "zoneportal.tests.thing.happened.v1"}'),
        )
    await connection.close()
    named = _webhooks(system)
    real |= {webhooks.REPLAYED: named[webhooks.WEBHOOK], webhooks.REDELIVERED: named[webhooks.DELIVERY]}
    with _robots(system) as sent:
        verify(system, service, "operator.demo", tmp_path, {}, real | sent, consumer="portal-operator")
    _forget(system, named)
