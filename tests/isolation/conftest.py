"""Things of Hefei, Wuhu and the province, and a client for each caller."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from uuid import uuid4

import asyncpg
import httpx
import jwt
import pytest

from chassis.clock import today
from chassis.events import uuid7
from deploy.local.instance import ROOT
from deploy.local.system import System
from gateway.portal.tests.support import Browser, here
from tests import assessments
from tests.cases import acted, evaluating, published, written
from tests.indicators import confirmed, recorded
from tests.isolation.bad_tokens import bad_tokens
from tests.isolation.manual import GUEST
from tests.isolation.rights import CALLERS
from tests.isolation.shown import Shown
from tests.isolation.things import Parameters, Things
from tests.support import (
    CATALOG,
    NOTIFY,
    PROGRESS,
    Json,
    announcement,
    attach,
    bulletin,
    change,
    client_of,
    decision,
    done,
    draft,
    entries,
    filing_of,
    forget_manuscript,
    get,
    handed_over,
    line,
    lines,
    on_manuscript,
    open_period,
    pages,
    set_schedule,
    until,
    upload_sheet,
)

REPORTERS = {"hefei": "hefei.admin", "wuhu": "wuhu.admin", "province": "dept.swt"}
FILLERS = {"hefei": "hefei.admin", "wuhu": "wuhu.admin", "swt": "dept.swt"}
PEOPLE = (*(caller for caller in CALLERS if caller != "integrator-hefei"), "swt.admin")
READERS = {"hefei": "hefei.admin", "wuhu": "wuhu.admin", "province": "province.admin", "swt": "dept.swt"}
BEFORE: Json = {"takeover": True, "reason": "补录平台启用前的报告", "title": "2025 年四季度推进情况"}
BEFORE |= {"starts": "2025-10-01", "ends": "2025-12-31"}
BEFORE |= dict.fromkeys(("due", "grace", "locks"), "2026-01-31")
DRAFTERS = {"hefei": ("hefei.admin", "合肥"), "wuhu": ("wuhu.admin", "芜湖"), "province": ("province.admin", "蚌埠")}
ADDRESSED = {
    "hefei": ("zone:hefei",),
    "wuhu": ("zone:wuhu",),
    "swt": ("unit:swt",),
    "everybody": ("all",),
    "draft": (),
}
LED = {owner: ADDRESSED[owner] for owner in ("hefei", "wuhu", "swt")}

PERSONS = {
    "hefei": "hefei.admin",
    "wuhu": "wuhu.admin",
    "province": "province.admin",
    "swt": "dept.swt",
    "system": "auditor.demo",
}
ORDERS = {"hefei": ("zone:hefei",), "wuhu": ("zone:wuhu", "unit:swt"), "swt": ("unit:swt",)}
PROBLEMS = {
    "hefei": ("hefei.admin", "unit:swt"),
    "wuhu": ("wuhu.admin", "unit:hfhg"),
    "swt": ("dept.swt", "unit:hfhg"),
    "shared": ("hefei.admin", "zone:wuhu"),
}


@pytest.fixture(scope="session")
def clients(system: System) -> Iterator[Mapping[str, httpx.Client]]:
    with ExitStack() as stack:
        yield {caller: stack.enter_context(system.client(caller)) for caller in CALLERS}


@pytest.fixture(scope="session")
def browsers(system: System) -> Iterator[Mapping[str, Browser]]:
    with ExitStack() as stack:
        opened = {person: stack.enter_context(Browser(system)) for person in PEOPLE}
        for person, browser in opened.items():
            assert here(browser.log_in(person, "/about")) == "/about"
        yield opened


@pytest.fixture(scope="session")
def shown(system: System, browsers: Mapping[str, Browser], things: Things) -> Iterator[Shown]:
    with Browser(system) as guest:
        yield Shown({**browsers, GUEST: guest}, things)


@pytest.fixture(scope="session")
def tokens(system: System) -> Iterator[Mapping[str, str]]:
    """Tokens that are not good, by what is wrong with them."""
    with bad_tokens(system) as made:
        yield made


@pytest.fixture(scope="session")
def owned(system: System) -> Mapping[str, Json]:
    """A line of each owner, of one task that 省商务厅 leads and 合肥海关 has no part in."""
    by_task: dict[str, dict[str, Json]] = {}
    for shown in lines(system, "province.admin", unit="swt"):
        units = {unit["code"]: unit["role"] for unit in shown["units"]}
        if units["swt"] == "lead" and "hfhg" not in units and shown["state"] in ("not_started", "in_progress"):
            by_task.setdefault(shown["task"]["code"], {})[shown["jurisdiction"]] = shown
    return next(found for found in by_task.values() if found.keys() >= REPORTERS.keys())


@pytest.fixture(scope="session")
def things(system: System, owned: Mapping[str, Json]) -> Iterator[Things]:
    """Reports that wait for the province's decision, news of them, imports and drafts."""
    reports = {
        owner: done(system, user, owned[owner]["id"], "reports", percent=7, done="已印发事项清单，正在推进系统对接")
        for owner, user in REPORTERS.items()
    }
    schedules = {owner: _scheduled(system, user, owned[owner]["id"]) for owner, user in REPORTERS.items()}
    for owner in ("hefei", "wuhu"):
        done(system, "dept.swt", owned[owner]["id"], "latest/review", opinion="agree")
    said = {"text": "@合肥片区 请补充系统对接的时间安排。"}
    change(system, "dept.swt", f"lines/{owned['hefei']['id']}/comments", said)
    comments = {
        owner: change(system, user, f"lines/{owned[owner]['id']}/comments", {"text": "系统对接已排期。"})["id"]
        for owner, user in REPORTERS.items()
    }
    drafts = {owner: draft(system, user, _notice(city)) for owner, (user, city) in DRAFTERS.items()}
    published = pages(system, "province.admin", f"{CATALOG}/editions", status="published")[0]["number"]
    editions = {owner: edition for owner, (_, edition) in drafts.items()} | {"published": published}
    manuscripts = {owner: _written(system, owner, DRAFTERS[owner][0]) for owner in DRAFTERS}
    (plan,) = {owned[owner]["task"]["plan"]["code"] for owner in REPORTERS}
    period, before = open_period(system, [plan], title="2026 年一季度推进情况"), open_period(system, [plan], **BEFORE)
    filings = {owner: filing_of(system, period, owned[owner]["id"])["id"] for owner in REPORTERS}
    told = {owner: _news(system, user, owned.get(owner, owned["hefei"])) for owner, user in READERS.items()}
    decisions = {owner: decision(system, office) for owner, (office, *_) in LED.items()}
    orders = {owner: _order(system, *offices) for owner, offices in ORDERS.items()}
    deputyship = _deputyship(system)
    _hear(system, "province.admin", f"/lines/{owned['hefei']['id']}")
    for owner in ("hefei", "swt"):
        _hear(system, READERS[owner], f"/orders/{orders[owner]}")
    cases = _cases(system)
    announced: dict[str, Parameters] = {
        owner: {"announcement_id": announcement(system, *offices)} for owner, offices in ADDRESSED.items()
    }
    indicators = _indicators(system)
    yield Things(
        {
            "line": {
                owner: {"line_id": owned[owner]["id"], "report_id": reports[owner]["id"]} | schedules[owner]
                for owner in REPORTERS
            },
            "comment": {owner: {"line_id": owned[owner]["id"], "comment_id": said} for owner, said in comments.items()},
            "indicator": indicators,
            "value": _values(system, indicators["swt"]["indicator"]),
            "period": {"all": {"period_id": period}},
            "fillable": {"all": {"period_id": period}, "before": {"period_id": before}},
            "sheet": {owner: _sheet(system, user, period) for owner, user in FILLERS.items()}
            | {"province": _sheet(system, "province.admin", before)},
            "filing": {owner: {"filing_id": filing, "query_id": str(uuid4())} for owner, filing in filings.items()},
            "order": {owner: {"order_id": order} for owner, order in orders.items()},
            "attachment": _attachments(system, filings, orders["wuhu"], cases["case"]["wuhu"]["case_id"]),
            "problem": {
                owner: {
                    "problem_id": _problem(
                        system, user, asked, owned["hefei"]["id"] if owner in ("hefei", "shared") else None
                    )
                }
                for owner, (user, asked) in PROBLEMS.items()
            },
            "entry": {owner: {"entry_id": entry} for owner, entry in told.items()},
            "import": {owner: {"import_id": import_id} for owner, (import_id, _) in drafts.items()},
            "edition": {owner: {"edition": str(edition)} for owner, edition in editions.items()},
            **_assessed(system),
            **cases,
            "handover": {
                owner: {"handover_id": handed_over(system, f"{owner}.admin", owned[of]["id"])}
                for owner, of in (("hefei", "hefei"), ("wuhu", "wuhu"), ("swt", "province"))
            },
            "meeting": {"province": {"meeting_id": decisions["hefei"][0]}},
            "decision": {owner: {"decision_id": decided} for owner, (_, decided) in decisions.items()},
            "announcement": announced,
            "reach": {owner: announced[owner] for owner in ("hefei", "draft", "everybody")},
            "bulletin": {owner: {"bulletin_id": bulletin(system, *readers)} for owner, readers in ADDRESSED.items()},
            "manuscript": manuscripts,
            "letter": {"nobody": {"letter_id": asyncio.run(_dead_letter(system))}},
            "integrator": {"hefei": {"client": "integrator-hefei"}},
            "webhook": {"hefei": _webhook(system)},
            **_robot(system),
            "person": {owner: {"person_id": _sub(system, user)} for owner, user in PERSONS.items()},
            "deputyship": {"swt": {"deputyship_id": deputyship}},
        }
    )
    path = f"{CATALOG}/deputyships/{deputyship}/withdrawal"
    client_of(system, "swt.admin").post(path, headers={"If-Match": '"1"'}).raise_for_status()
    for named in manuscripts.values():
        forget_manuscript(system, named["plan"])
    for owner in REPORTERS:
        if "return" in line(system, owned[owner]["id"])["actions"]:
            done(system, "province.admin", owned[owner]["id"], "latest/return", reason="材料不全")


def _sub(system: System, user: str) -> str:
    """A person by the id that Keycloak gave."""
    return str(jwt.decode(system.token(user), options={"verify_signature": False})["sub"])


def _deputyship(system: System) -> str:
    """One that is to come, of 省商务厅."""
    since, until = (str(today() + timedelta(days)) for days in (300, 301))
    absent, deputy = (_sub(system, user) for user in ("swt.admin", "dept.swt"))
    given = {"absent": absent, "deputy": deputy, "since": since, "until": until}
    made = client_of(system, "swt.admin").post(f"{CATALOG}/deputyships", json=given).raise_for_status()
    return str(made.json()["id"])


def _robot(system: System) -> dict[str, dict[str, Parameters]]:
    """One of each office at which nobody listens, and a message to that of Hefei."""
    path = f"{NOTIFY}/robots"
    robots: dict[str, Parameters] = {}
    for owner, name in (("hefei", "合肥片区工作群"), ("province", "省自贸办工作群"), ("swt", "省商务厅工作群")):
        given = {"kind": "wecom", "name": name, "url": "http://127.0.0.2:9999/send?key=1", "groups": ["system"]}
        made = client_of(system, f"{owner}.admin").post(path, json=given).raise_for_status().json()
        robots[owner] = {"robot_id": str(made["id"])}
    test = f"{path}/{robots['hefei']['robot_id']}/test"
    sent = client_of(system, "hefei.admin").post(test).raise_for_status().json()["recent"][0]["id"]
    return {"robot": robots, "delivery": {"hefei": {"delivery_id": str(sent)}}}


def _webhook(system: System) -> Parameters:
    """One at which nobody listens, with a test event that waits."""
    path, integrator = f"{NOTIFY}/webhooks", client_of(system, "integrator-hefei")
    given = {"url": "http://127.0.0.2:9999/", "tenants": ["hefei"]}
    webhook = integrator.post(path, json=given).raise_for_status().json()["id"]
    sent = integrator.post(f"{path}/{webhook}/test").raise_for_status().json()["id"]
    return {"webhook_id": str(webhook), "delivery_id": str(sent)}


async def _dead_letter(system: System) -> str:
    """One of each service that consumes events, under one id; its message is no event."""
    id_ = str(uuid7())
    for service in ("progress", "notify"):
        connection = await asyncpg.connect(system.database(service))
        await connection.execute(
            "INSERT INTO dead_letter (id, consumer, topic, key, headers, value, reason, replayable)"
            " VALUES ($1, $2, 'catalog', '', '{}', '{\"name\": \"责任单位\"}', 'no header ce_type', true)",
            id_,
            f"{service}-archive",
        )
        await connection.close()
    return id_


def _attachments(system: System, filings: Mapping[str, str], order: str, case: str) -> dict[str, Parameters]:
    """One of each filing, that of Hefei a picture, one that a member gives to that of Hefei, the province's own of an
    order, one of a draft of a case.
    """
    found = {
        owner: attach(system, user, "filing", filings[owner]) for owner, user in REPORTERS.items() if owner != "hefei"
    }
    picture = (ROOT / "docs" / "pictures" / "line.png").read_bytes()
    found["hefei"] = attach(system, "hefei.admin", "filing", filings["hefei"], "系统界面.png", picture)
    found["member"] = attach(system, "dept.swt", "filing", filings["hefei"])
    (found["order"],) = get(system, "province.admin", f"{PROGRESS}/attachments", kind="order", thing=order)["items"]
    found["case"] = attach(system, "wuhu.admin", "case", case)
    return {owner: {"attachment_id": str(each["id"])} for owner, each in found.items()}


def _cases(system: System) -> dict[str, dict[str, Parameters]]:
    """A case that is evaluated, a draft, one that is published, and what Wuhu makes of that."""
    case = published(system, file="办法.pdf")
    acted(system, "wuhu.admin", case, "replications/wuhu/adoption", plan="先行试点")
    cases = {
        "hefei": evaluating(system, file="办法.pdf"),
        "wuhu": str(written(system, "wuhu.admin")["id"]),
        "published": case,
    }
    named: dict[str, Parameters] = {owner: {"case_id": case_id} for owner, case_id in cases.items()}
    return {
        "case": named,
        "written": named,
        "replication": {"wuhu": {"case_id": case, "zone": "wuhu"}},
        "published case": {owner: _public(system, cases[owner]) for owner in ("published", "hefei")},
    }


def _public(system: System, case: str) -> Parameters:
    """A case of Hefei's with its attachment."""
    (file,) = get(system, "hefei.admin", f"{PROGRESS}/attachments", kind="case", thing=case)["items"]
    return {"published_id": case, "file_id": str(file["id"])}


def _scheduled(system: System, user: str, line_id: str) -> dict[str, str]:
    """A milestone to reach and an extension that waits for its decision."""
    path = f"{PROGRESS}/lines/{line_id}/schedule"
    if not get(system, user, path)["milestones"]:
        set_schedule(system, user, line_id, "2030-06-28")
    if "extend" in line(system, line_id, user)["actions"]:
        done(system, user, line_id, "extensions", deadline="2031-06-30", cause="审批延后")
    schedule = get(system, user, path)
    return {"milestone_id": schedule["milestones"][0]["id"], "extension_id": schedule["extensions"][-1]["id"]}


def _assessed(system: System) -> dict[str, dict[str, Parameters]]:
    """The assessment of a year being drafted, and a published one with an objection of Hefei that awaits its answer."""
    path, objection = assessments.published(system, 2099)
    named = {"assessment_id": path.rpartition("/")[2], "objection_id": objection["id"], "item": "hand"}
    offices = {"hefei": "zone:hefei", "wuhu": "zone:wuhu", "swt": "unit:swt"}
    draft = named | {"assessment_id": assessments.drafted(system, 2098)["id"]}
    return {
        "objection": {"hefei": named},
        "exemption": {"hefei": _exempted(system)},
        "assessment": {"draft": draft, "published": named},
        "result": {owner: named | {"office": office} for owner, office in offices.items()},
    }


def _exempted(system: System) -> Parameters:
    """A line of Hefei that is exempt from an item of an announced assessment."""
    path, exemption = assessments.exempted(system, 2093)
    return {"assessment_id": path.rpartition("/")[2], "exemption_id": exemption["id"]}


def _indicators(system: System) -> dict[str, Parameters]:
    """One in use by each responsible unit, which is not added up, and a draft."""
    used: dict[str, Parameters] = {
        unit: {"indicator": confirmed(system, unit, aggregation="none")} for unit in ("swt", "hfhg")
    }
    return used | {"draft": {"indicator": confirmed(system, None, draft=True)}}


def _values(system: System, code: str) -> dict[str, Parameters]:
    """A value of each owner, of an indicator of 省商务厅."""
    return {owner: {"value_id": recorded(system, user, code, owner)["id"]} for owner, user in REPORTERS.items()}


def _written(system: System, owner: str, user: str) -> Parameters:
    """A plan that is being written, and a filled template for it."""
    plan = owner
    if owner == "province":
        begun = client_of(system, user).post(f"{CATALOG}/manuscripts", json={"name": "数字赋能专项"})
        plan = str(begun.raise_for_status().json()["plan"])
    task = {"number": 1, "title": "推进制度创新", "responsibilities": [{"unit": "省商务厅", "role": "lead"}]}
    on_manuscript(system, user, plan, "PUT", tasks=[task])
    content = client_of(system, user).get(f"{CATALOG}/manuscripts/{plan}/template").content
    return {"plan": plan, "sheet_id": upload_sheet(system, user, plan, content)["id"]}


def _sheet(system: System, user: str, period: str) -> Parameters:
    """The filled sheet of the user's office."""
    client, path = client_of(system, user), f"{PROGRESS}/periods/{period}"
    file = ("sheet.xlsx", client.get(f"{path}/sheet").raise_for_status().content, "application/octet-stream")
    sheet = client.post(f"{path}/sheets", files={"file": file}).raise_for_status().json()
    return {"period_id": period, "sheet_id": str(sheet["id"])}


def _order(system: System, lead: str, *members: str) -> str:
    """An order that waits for its office to sign, which was urged to."""
    said = {"title": "加快国际贸易“单一窗口”建设", "requirement": "请于时限前完成系统对接，并附佐证材料。"}
    given = said | {"source": "meeting", "deadline": "2030-06-28"}
    order = change(system, "province.admin", "orders", given | {"lead": lead, "members": members})
    attach(system, "province.admin", "order", order["id"])
    path = f"orders/{order['id']}"
    change(system, "province.admin", f"{path}/issuance", {"sign_due": "2030-06-01"}, 1)
    return str(change(system, "province.admin", f"{path}/urgings", {"text": "请尽快签收办理。"}, 2)["id"])


def _problem(system: System, user: str, addressee: str, line_id: str | None) -> str:
    """A problem that waits for its answer."""
    said = {"title": "通关数据共享需要支持", "description": "企业通关数据分散在多个系统，请协调开放查询接口。"}
    given = said | {"addressee": addressee, "answer_due": "2030-06-28"}
    return str(change(system, user, "problems", given | {"line_id": line_id})["id"])


def _notice(city: str) -> str:
    """What a city office may import: the implementation plan of its zone."""
    return f"{city}片区实施方案\n1．推进制度创新。加快推进制度创新。（责任单位：{city}市）\n"


def _hear(system: System, user: str, thing: str) -> None:
    """Waits until the user's inbox tells two things of a thing."""
    until(lambda: pages(system, user, f"{NOTIFY}/inbox", thing=thing)[1:])


def _news(system: System, user: str, about: Json) -> str:
    """An entry that tells the user of a line."""
    return str(until(partial(entries, system, user, about["id"]))[0]["id"])
