"""What others do shows nowhere: no list, count, cursor, ETag, search, number or stream tells of it."""

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.instance import ROOT
from deploy.local.system import System
from tests.cases import evaluating
from tests.isolation.things import Answer, Things, steady
from tests.support import (
    CATALOG,
    NOTIFY,
    PROGRESS,
    Json,
    client_of,
    done,
    draft,
    entries,
    get,
    line,
    lines,
    pages,
    publish,
    streaming,
    until,
)

OBSERVERS = ("wuhu.admin", "bengbu.admin", "dept.hfhg", "integrator-hefei")
VIEWS = (
    f"{PROGRESS}/overview",
    f"{PROGRESS}/jurisdictions",
    f"{PROGRESS}/lines?limit=200",
    f"{PROGRESS}/lines?limit=1",
    f"{PROGRESS}/lines?jurisdiction=hefei",
    f"{PROGRESS}/lines?jurisdiction=province",
    f"{PROGRESS}/lines?unit=hfs",
    f"{PROGRESS}/lines?unit=swt&limit=200",
    f"{PROGRESS}/lines?state=in_progress",
    f"{PROGRESS}/lines?state=suspended",
    f"{PROGRESS}/lines?light=red",
    f"{PROGRESS}/lines?sort=percent&limit=3",
    f"{PROGRESS}/lines?q=自贸",
    f"{PROGRESS}/search?q=自贸",
    f"{PROGRESS}/desk",
    f"{PROGRESS}/orders?limit=200",
    f"{PROGRESS}/orders?office=zone:hefei",
    f"{PROGRESS}/orders?waiting=true",
    f"{PROGRESS}/problems?limit=200",
    f"{PROGRESS}/problems?office=zone:hefei",
    f"{PROGRESS}/cases?limit=200",
    f"{PROGRESS}/cases?zone=hefei&limit=1",
    f"{PROGRESS}/replications?limit=200",
    f"{PROGRESS}/public/cases",
    f"{PROGRESS}/changes?limit=200",
    f"{PROGRESS}/changes/summary",
    f"{PROGRESS}/trends",
    f"{NOTIFY}/inbox?limit=200",
    f"{NOTIFY}/inbox/summary",
    f"{CATALOG}/editions",
    f"{CATALOG}/editions?status=draft",
    f"{CATALOG}/tasks?limit=200",
    f"{CATALOG}/units?limit=200",
    f"{CATALOG}/zones",
)


def _seen(client: httpx.Client) -> dict[str, Answer]:
    return {view: steady(client.send(client.build_request("GET", view), stream=True)) for view in VIEWS}


@pytest.mark.parametrize("observer", OBSERVERS)
def test_what_hefei_and_the_province_do_changes_nothing_for_others(
    system: System, clients: Mapping[str, httpx.Client], owned: Mapping[str, Json], things: Things, observer: str
) -> None:
    hefei, before = owned["hefei"]["id"], _seen(clients[observer])
    mark = uuid4().hex
    done(system, "hefei.admin", hefei, "reports", percent=93, done=mark, problems=mark)
    done(system, "dept.swt", hefei, "latest/review", opinion="object", remark=mark)
    done(system, "province.admin", hefei, "suspension", reason=mark)
    draft(system, "hefei.admin", f"合肥片区实施方案\n1．推进{mark}。加快推进{mark}。（责任单位：合肥市）\n")
    evaluating(system, title=mark)
    until(lambda: any(mark in entry["body"] for entry in entries(system, "hefei.admin", hefei)))
    assert _seen(clients[observer]) == before
    done(system, "province.admin", hefei, "resumption")
    done(system, "province.admin", hefei, "latest/return", reason=mark)
    until(lambda: any(entry["kind"] == "report.returned" for entry in entries(system, "hefei.admin", hefei)))
    assert _seen(clients[observer]) == before


def test_editions_are_numbered_as_if_nobody_had_drafted_in_between(system: System, things: Things) -> None:
    notice, mark = (ROOT / "data" / "notice.txt").read_text(), uuid4().hex
    try:
        publish(system, notice.replace("106．", "106．统筹谋划，", 1))
        before = {observer: _editions(system, observer) for observer in OBSERVERS}
        draft(system, "hefei.admin", f"合肥片区实施方案\n1．推进{mark}。加快推进{mark}。（责任单位：合肥市）\n")
        assert {observer: _editions(system, observer) for observer in OBSERVERS} == before
    finally:
        publish(system, notice)
    for observer, known in before.items():
        (edition, tag), *earlier = _editions(system, observer)
        assert earlier == known
        assert tag == known[0][1]
        assert [edition["number"], *(one["number"] for one, _ in known)] == list(range(len(known) + 1, 0, -1))


def _editions(system: System, observer: str) -> list[tuple[Json, str]]:
    """What the observer sees published, each with its ETag."""
    client, path = client_of(system, observer), f"{CATALOG}/editions"
    published = pages(system, observer, path, status="published")
    return [(edition, client.get(f"{path}/{edition['number']}").headers["ETag"]) for edition in published]


@pytest.mark.parametrize(("path", "limit"), [(f"{PROGRESS}/lines", 5), (f"{NOTIFY}/inbox", 1)], ids=["lines", "inbox"])
def test_the_cursor_of_another_leads_through_ones_own_list_only(
    system: System, things: Things, path: str, limit: int
) -> None:
    with system.client("hefei.admin") as client:
        cursor = client.get(path, params={"limit": limit}).json()["next"]
    own = [item["id"] for item in pages(system, "wuhu.admin", path)]
    after = [item["id"] for item in pages(system, "wuhu.admin", path, cursor=cursor)]
    assert after == own[len(own) - len(after) :]


def test_the_cursors_of_a_story_do_not_count_what_happens_elsewhere(
    system: System, owned: Mapping[str, Json], things: Things
) -> None:
    wuhu, path = owned["wuhu"]["id"], f"{PROGRESS}/lines/{owned['wuhu']['id']}/history"
    known = len(pages(system, "wuhu.admin", path))
    for number in range(3):
        done(system, "wuhu.admin", wuhu, "reports", percent=number, done="…")
        if number == 0:
            done(system, "hefei.admin", owned["hefei"]["id"], "reports", percent=3, done="…")
    first, second = (_position(get(system, "wuhu.admin", path, limit=known + more)["next"]) for more in (1, 2))
    assert second - first == 1
    done(system, "province.admin", wuhu, "latest/return", reason="测试完毕")


def _position(cursor: str) -> int:
    """What a cursor says to somebody who looks into it."""
    return int(json.loads(base64.urlsafe_b64decode(cursor + "=="))[0])


def test_filters_by_what_is_foreign_find_nothing(system: System) -> None:
    mine = {shown["id"] for shown in lines(system, "wuhu.admin")}
    for filters in ({"jurisdiction": "hefei"}, {"jurisdiction": "province"}, {"unit": "hfs"}, {"unit": "合肥市"}):
        assert lines(system, "wuhu.admin", **filters) == []
    assert {shown["id"] for shown in lines(system, "wuhu.admin", unit="swt")} < mine
    assert lines(system, "hefei.admin", jurisdiction="wuhu") == []
    of_customs = lines(system, "dept.hfhg", unit="swt")
    assert all({"swt", "hfhg"} <= {unit["code"] for unit in shown["units"]} for shown in of_customs)


@pytest.mark.parametrize(
    "intruder", ["wuhu.admin", "bengbu.admin", "dept.swt", "dept.hfhg", "auditor.demo", "integrator-hefei"]
)
def test_nobody_gets_or_repeats_what_was_answered_to_another(
    system: System, clients: Mapping[str, httpx.Client], owned: Mapping[str, Json], intruder: str
) -> None:
    hefei = owned["hefei"]["id"]
    now = line(system, hefei)
    headers = {"If-Match": f'"{now["version"]}"', "Idempotency-Key": str(uuid4())}
    request: dict[str, Any] = {"json": {"percent": 11, "done": "仅合肥可见"}, "headers": headers}
    first = clients["hefei.admin"].post(f"{PROGRESS}/lines/{hefei}/reports", **request)
    assert first.status_code == 201
    replayed = clients["hefei.admin"].post(f"{PROGRESS}/lines/{hefei}/reports", **request)
    assert (replayed.content, replayed.headers["Idempotency-Replayed"]) == (first.content, "true")
    tag = {"If-Match": first.headers["ETag"]}
    for tried in (request, request | {"headers": headers | tag}):
        stolen, of_nothing = (
            clients[intruder].post(f"{PROGRESS}/lines/{id_}/reports", **tried) for id_ in (hefei, uuid4())
        )
        assert stolen.status_code in (403, 404)
        assert "仅合肥可见" not in stolen.text and "Idempotency-Replayed" not in stolen.headers
        assert intruder == "dept.swt" or steady(stolen) == steady(of_nothing)
    assert line(system, hefei)["version"] == now["version"] + 1
    done(system, "province.admin", hefei, "latest/return", reason="测试完毕")


def test_the_key_of_another_is_free_for_ones_own_request(
    system: System, clients: Mapping[str, httpx.Client], owned: Mapping[str, Json]
) -> None:
    key = str(uuid4())
    for owner, user in (("hefei", "hefei.admin"), ("wuhu", "wuhu.admin")):
        now = line(system, owned[owner]["id"])
        headers = {"If-Match": f'"{now["version"]}"', "Idempotency-Key": key}
        body = {"percent": 12, "done": owner}
        answer = clients[user].post(f"{PROGRESS}/lines/{now['id']}/reports", json=body, headers=headers)
        assert (answer.status_code, answer.json()["line_id"]) == (201, now["id"])
        done(system, "province.admin", now["id"], "latest/return", reason="测试完毕")


def test_wuhus_stream_tells_nothing_of_hefei(system: System, owned: Mapping[str, Json]) -> None:
    hefei, wuhu, mark = owned["hefei"]["id"], owned["wuhu"]["id"], uuid4().hex
    with streaming(system, "hefei.admin") as own, streaming(system, "wuhu.admin") as foreign:
        done(system, "hefei.admin", hefei, "reports", percent=21, done="…")
        done(system, "province.admin", hefei, "latest/return", reason=mark)
        _await_return(own, mark)
        done(system, "wuhu.admin", wuhu, "reports", percent=22, done="…")
        done(system, "province.admin", wuhu, "latest/return", reason=mark)
        told = _await_return(foreign, mark)
    assert hefei not in json.dumps(told) and "合肥" not in json.dumps(told, ensure_ascii=False)
    assert {frame["jurisdiction"] for event, frame in told if event == "changed"} == {"wuhu"}


def _await_return(stream: Iterator[tuple[str, Json]], mark: str) -> list[tuple[str, Json]]:
    """What the stream tells, up to the return of a report with this reason: not one from before that comes late."""
    told: list[tuple[str, Json]] = []
    for event, frame in stream:
        told.append((event, frame))
        if event == "inbox" and mark in frame["entry"]["body"]:
            break
    return told
