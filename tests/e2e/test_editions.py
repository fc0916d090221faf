"""A linked zone is added and an edition changes tasks, while everything runs; then the notice is published again."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from keycloak import KeycloakAdmin

from deploy.local.instance import ROOT
from deploy.local.keycloak import realm_env
from deploy.local.system import System
from realm.provision import connect
from tests.support import (
    NOTIFY,
    PROGRESS,
    Json,
    done,
    get,
    line,
    lines,
    on_topic,
    pages,
    publish,
    until,
)
from tests.zones import linked_zone

NOTICE = (ROOT / "data" / "notice.txt").read_text()
CHANGED, REMOVED, NEW = "106", "107", "113"


@pytest.fixture(scope="module")
def admin(system: System) -> KeycloakAdmin:
    env = realm_env(system.instance)
    return connect(env["ZP_KEYCLOAK_URL"], env["ZP_KEYCLOAK_ADMIN"], env["ZP_KEYCLOAK_ADMIN_PASSWORD"])


@pytest.fixture(scope="module")
def linked(system: System) -> Iterator[Json]:
    """A linked zone with a city of its own, and ``<code>.admin`` as its person."""
    with linked_zone(system, city=f"{uuid4().hex[:6]}市") as zone:
        yield zone


@pytest.fixture(scope="module")
def changed(system: System, linked: Json) -> Iterator[dict[str, dict[str, Json]]]:
    """Lines by task and jurisdiction as they were before the edition that the tests look at."""
    before = {code: _of_task(system, code) for code in (CHANGED, REMOVED)}
    try:
        publish(system, _amended(linked["city"]))
        yield before
    finally:
        publish(system, NOTICE)


def _amended(city: str) -> str:
    """The notice with one task changed, one removed and one new."""
    rows = NOTICE.splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith(f"{REMOVED}．")]
    assert len(kept) == len(rows) - 1
    text = "".join(kept).replace(f"{CHANGED}．", f"{CHANGED}．统筹谋划，", 1)
    return f"{text}\n{NEW}．推进联动创新。支持联动创新区先行先试。（责任单位：省商务厅，{city}）\n"


def _of_task(system: System, code: str) -> dict[str, Json]:
    return {shown["jurisdiction"]: shown for shown in lines(system, "province.admin", task=code)}


def _columns(system: System, user: str) -> list[str]:
    return [column["code"] for column in get(system, user, f"{PROGRESS}/overview")["jurisdictions"]]


async def test_a_linked_zone_becomes_a_tenant_everywhere_without_a_restart(
    system: System, admin: KeycloakAdmin, linked: Json
) -> None:
    running = {name: (component["pid"], component["restarts"]) for name, component in system.components.items()}
    until(lambda: linked["code"] in _columns(system, "province.admin"))
    assert _columns(system, linked["user"]) == [linked["code"]]
    assert lines(system, linked["user"]) == []
    assert pages(system, linked["user"], f"{NOTIFY}/inbox") == []
    assert linked["code"] not in _columns(system, "wuhu.admin")
    assert await on_topic(system, f"progress.{linked['code']}") == []
    until(lambda: linked["code"] in [organization["alias"] for organization in admin.get_organizations()])
    assert running == {name: (component["pid"], component["restarts"]) for name, component in system.components.items()}


def test_a_changed_task_keeps_its_lines_and_their_history(system: System, changed: dict[str, dict[str, Json]]) -> None:
    until(lambda: all("统筹谋划" in shown["task"]["title"] for shown in _of_task(system, CHANGED).values()))
    before, after = changed[CHANGED], _of_task(system, CHANGED)
    assert {place: shown["id"] for place, shown in after.items()} == {
        place: shown["id"] for place, shown in before.items()
    }
    for place, shown in after.items():
        assert (shown["state"], shown["percent"]) == (before[place]["state"], before[place]["percent"])
        story = pages(system, "province.admin", f"{PROGRESS}/lines/{shown['id']}/history")
        assert (story[0]["what"], story[-1]["what"]) == ("opened", "updated")
        assert {"title", "text"} <= {change["field"] for change in story[-1]["changes"]}


def test_a_removed_task_s_lines_are_withdrawn_and_stay_readable(
    system: System, changed: dict[str, dict[str, Json]]
) -> None:
    until(lambda: not _of_task(system, REMOVED))
    for withdrawn in changed[REMOVED].values():
        shown = line(system, withdrawn["id"])
        assert (shown["withdrawn"], shown["actions"]) == (True, [])
        story = pages(system, "province.admin", f"{PROGRESS}/lines/{shown['id']}/history")
        assert [entry["what"] for entry in story][-1] == "withdrawn"


async def test_a_new_task_opens_lines_also_for_the_linked_zone(
    system: System, linked: Json, changed: dict[str, dict[str, Json]]
) -> None:
    opened = until(lambda: _of_task(system, NEW))
    assert opened.keys() == {linked["code"], "province"}
    (own,) = lines(system, linked["user"])
    assert own["id"] == opened[linked["code"]]["id"] and "report" in own["actions"]
    done(system, linked["user"], own["id"], "reports", percent=15, done="已启动")
    assert [shown["percent"] for shown in lines(system, linked["user"])] == [15]
    news = until(lambda: pages(system, linked["user"], f"{NOTIFY}/inbox"))
    assert [entry["kind"] for entry in news] == ["line.opened"]
    told = {event.type.split(".", 2)[2] for event in await on_topic(system, f"progress.{linked['code']}")}
    assert {"line.opened.v1", "line.progressed.v1", "report.submitted.v1"} == told


def test_the_notice_published_again_brings_everything_back(
    system: System, linked: Json, changed: dict[str, dict[str, Json]]
) -> None:
    until(lambda: not _of_task(system, REMOVED))
    publish(system, NOTICE)
    until(lambda: not _of_task(system, NEW) and _of_task(system, REMOVED).keys() == changed[REMOVED].keys())
    for place, shown in _of_task(system, REMOVED).items():
        before = changed[REMOVED][place]
        assert (shown["id"], shown["state"], shown["percent"]) == (before["id"], before["state"], before["percent"])
        story = pages(system, "province.admin", f"{PROGRESS}/lines/{shown['id']}/history")
        assert [entry["what"] for entry in story][-2:] == ["withdrawn", "reopened"]
    assert {shown["task"]["title"] for shown in _of_task(system, CHANGED).values()} == {
        shown["task"]["title"] for shown in changed[CHANGED].values()
    }
    assert lines(system, linked["user"]) == []
