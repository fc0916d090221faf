"""Announcements in the running system: from draft to who has read it; corrections and withdrawals; who sees what."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from chassis.clock import today
from deploy.local.system import System
from services.notify.tests.support import entries, until

PATH = "/api/notify/v1/announcements"


@pytest.fixture
def title() -> str:
    return f"公告{uuid4().hex[:12]}"


def asked(client: httpx.Client, announcement: dict[str, Any], what: str, **body: Any) -> httpx.Response:
    headers = {"If-Match": f'"{announcement["version"]}"'}
    return client.post(f"{PATH}/{announcement['id']}/{what}", json=body, headers=headers)


def drafted(client: httpx.Client, title: str, **changes: Any) -> dict[str, Any]:
    said = {
        "title": title,
        "text": "请按时报送。",
        "shown_until": str(today() + timedelta(9)),
        "addressed": ["zone:hefei"],
    }
    made = client.post(PATH, json=said | changes)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def published(client: httpx.Client, title: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = asked(client, drafted(client, title, **changes), "publication").raise_for_status().json()
    return found


def reach(client: httpx.Client, announcement: dict[str, Any]) -> tuple[int, int, int]:
    known = client.get(f"{PATH}/{announcement['id']}").json()["reach"]
    return known["offices"], known["read_offices"], known["confirmed_offices"]


def waiting(client: httpx.Client) -> list[str]:
    return [each["id"] for each in client.get(PATH, params={"waiting": "true"}).json()["items"]]


def test_the_province_sees_who_confirmed_and_reminds_the_others_once_a_day(system: System, title: str) -> None:
    with system.client("province.admin") as province, system.client("hefei.admin") as hefei:
        made = published(province, title, must_confirm=True, addressed=["zone:hefei", "unit:swt", "zone:hefei"])
        here = f"{PATH}/{made['id']}"
        assert reach(province, made) == (2, 0, 0)
        until(lambda: entries(system, "hefei.admin", title) and entries(system, "dept.swt", title))
        assert made["id"] in waiting(hefei)
        assert hefei.post(f"{here}/reading").json()["read_at"]
        assert reach(province, made) == (2, 1, 0)
        first = hefei.post(f"{here}/confirmation").json()
        assert hefei.post(f"{here}/confirmation").json() == first
        assert first["confirmed_at"] and not first["actions"] and first["reach"] is None is first["addressed"]
        assert made["id"] not in waiting(hefei)
        assert reach(province, made) == (2, 1, 1)
        (left,) = province.get(f"{here}/offices", params={"waiting": "true"}).json()["items"]
        assert (left["office"], left["readers"], left["first_read_at"]) == ("unit:swt", 0, None)
        reminded = asked(province, made, "reminder").json()
        again = asked(province, reminded, "reminder")
        assert (again.status_code, again.json()["type"]) == (409, "/problems/reminded-today")
    until(lambda: [each["entries"] for each in entries(system, "dept.swt", title)] == [2])
    assert len(entries(system, "hefei.admin", title)) == 1
    assert entries(system, "wuhu.admin", title) == []


async def test_the_clock_reminds_those_who_have_not_read_it_once(system: System, title: str) -> None:
    with system.client("province.admin") as province, system.client("hefei.admin") as hefei:
        tomorrow = str(today() + timedelta(1))
        made = published(province, title, addressed=["zone:hefei", "zone:wuhu"], shown_until=tomorrow)
        hefei.post(f"{PATH}/{made['id']}/reading").raise_for_status()
        owner = await asyncpg.connect(system.database("notify"))
        earlier = "UPDATE announcement SET published_at = published_at - interval '9 days' WHERE id = $1"
        await owner.execute(earlier, made["id"])
        await owner.close()
        until(lambda: [each["entries"] for each in entries(system, "wuhu.admin", title)] == [2])
        assert province.get(f"{PATH}/{made['id']}").json()["reach"]["reminded_at"]
    assert len(entries(system, "hefei.admin", title)) == 1


def test_what_is_published_stays_and_a_correction_takes_its_place(system: System, title: str) -> None:
    with system.client("province.admin") as province, system.client("hefei.admin") as hefei:
        first = published(province, title)
        same = {name: first[name] for name in ("title", "text", "shown_until")} | {"addressed": ["zone:hefei"]}
        changed = province.put(f"{PATH}/{first['id']}", json=same, headers={"If-Match": f'"{first["version"]}"'})
        assert changed.status_code == 409
        unexplained = province.post(PATH, json=same | {"corrects": first["id"]})
        assert unexplained.json()["errors"][0]["pointer"] == "/body/reason"
        wanted = {"addressed": ["zone:wuhu"], "corrects": first["id"], "reason": "时间有误"}
        second = drafted(province, title, **wanted)
        assert hefei.get(f"{PATH}/{second['id']}").status_code == 404
        second = asked(province, second, "publication").json()
        assert (second["edition"], second["reach"]["offices"]) == (2, 2)
        old = hefei.get(f"{PATH}/{first['id']}").json()
        assert (old["status"], old["replaced_by"], old["text"]) == ("replaced", second["id"], "请按时报送。")
        late = asked(province, drafted(province, title), "withdrawal", reason="…")
        assert late.status_code == 409
        assert asked(province, second, "withdrawal", reason="另行通知").json()["withdrawal_reason"] == "另行通知"
        assert hefei.get(f"{PATH}/{second['id']}").json()["status"] == "withdrawn"
    until(lambda: any("另行通知" in each["body"] for each in entries(system, "wuhu.admin", title)))
    with system.client("province.admin") as province:
        trail = province.get("/api/notify/v1/audit", params={"thing_id": first["id"]}).json()["items"]
    assert [entry["action"].partition(".")[2] for entry in trail] == ["replaced", "published", "drafted"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addressed": ["zone:nowhere"]}, "addressed"),
        ({"shown_until": "2026-01-01"}, "shown_until"),
        ({"reason": "…"}, "reason"),
        ({"corrects": str(uuid4()), "reason": "…"}, "corrects"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_at_its_field(system: System, changes: dict[str, str], field: str) -> None:
    said = {"title": "…", "text": "…", "shown_until": str(today()), "addressed": ["all"]}
    with system.client("province.admin") as province:
        refused = province.post(PATH, json=said | changes)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/body/{field}"]
