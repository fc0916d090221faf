"""A case of Hefei's is taken over by a fourth zone that joins while everything runs, to the end."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from deploy.local.system import System
from tests.cases import CASES, acted, attempted, published
from tests.support import NOTIFY, PROGRESS, Json, get, on_topic, pages, until
from tests.zones import linked_zone

PUBLIC = f"{PROGRESS}/public/cases"


@pytest.fixture(scope="module")
def linked(system: System) -> Iterator[Json]:
    """A linked zone with ``<code>.admin`` as its person."""
    with linked_zone(system) as zone:
        yield zone


def _told(system: System, user: str, case_id: str) -> list[str]:
    """What the user's inbox says of a case, oldest first."""
    found = pages(system, user, f"{NOTIFY}/inbox", thing=f"/cases/{case_id}")
    return [entry["kind"] for entry in reversed(found)]


def _answers(system: System, case_id: str) -> dict[str, str]:
    found = pages(system, "province.admin", f"{PROGRESS}/replications", case=case_id)
    return {each["zone"]: each["state"] for each in found}


async def test_a_fourth_zone_takes_a_case_over(system: System, linked: Json) -> None:
    zone, user = linked["code"], linked["user"]
    case = published(system)
    assert _answers(system, case)[zone] == "unanswered"
    until(lambda: "case.published" in _told(system, user, case))
    (asked,) = pages(system, user, f"{PROGRESS}/replications", case=case)
    assert (asked["zone"], asked["actions"]) == (zone, ["adopt", "decline"])
    acted(system, "wuhu.admin", case, "replications/wuhu/refusal", reason="没有综合窗口")
    own = f"replications/{zone}"
    acted(system, user, case, f"{own}/adoption", plan="先在园区试行", differences="窗口在园区")
    acted(system, user, case, f"{own}/start", progress="方案已印发")
    done = acted(system, user, case, f"{own}/result", result="已全面施行", effect_before="20 天", effect_after="2 天")
    assert (done["state"], done["case"]["zone"], done["differences"]) == ("adopted", "hefei", "窗口在园区")
    answers = _answers(system, case)
    assert (answers[zone], answers["wuhu"], answers["bengbu"]) == ("adopted", "declined", "unanswered")
    replied = ["replication.planned", "replication.under_way", "replication.adopted"]
    until(lambda: [kind for kind in _told(system, "hefei.admin", case) if kind in replied] == replied)
    until(lambda: "case.submitted" in _told(system, "province.admin", case))
    assert "case.invited" in _told(system, "dept.swt", case)
    assert _told(system, "bengbu.admin", case) == ["case.published"]
    events = [
        event for event in await on_topic(system, f"progress.{zone}") if event.type.split(".")[2] == "replication"
    ]
    assert [event.type.split(".")[3] for event in events] == ["planned", "under_way", "adopted"]
    assert [event.sequence for event in events] == [2, 3, 4]
    # what is adopted is a part of the passport that every zone reads
    (seen,) = pages(system, "bengbu.admin", f"{PROGRESS}/replications", case=case, state="adopted")
    assert (seen["zone"], seen["result"]) == (zone, "已全面施行")


def test_a_linked_zone_drafts_cases_of_its_own(system: System, linked: Json) -> None:
    answer = attempted(
        system,
        "hefei.admin",
        f"{CASES}/{published(system, linked['user'])}/replications/hefei",
        "adoption",
        plan="试行",
    )
    assert (answer.status_code, answer.json()["case"]["zone"]) == (201, linked["code"])


def test_everybody_reads_what_is_published_and_nothing_else(system: System) -> None:
    case = published(system, title=f"公开案例{uuid4().hex}")
    with httpx.Client(base_url=system.endpoints["gateway"], trust_env=False) as nobody:
        shown = nobody.get(f"{PUBLIC}/{case}")
        assert (shown.status_code, shown.json()["zone_name"]) == (200, "合肥片区")
        page = nobody.get(f"/public/cases/{case}")
        assert page.status_code == 200 and shown.json()["title"] in page.text
        listed = nobody.get(PUBLIC, params={"limit": 200}).json()["items"]
        states = {each["id"]: get(system, "province.admin", f"{CASES}/{each['id']}")["state"] for each in listed}
        assert set(states.values()) == {"published"} and case in states
        hidden = [each for each in pages(system, "province.admin", CASES) if each["state"] != "published"]
        assert {nobody.get(f"{PUBLIC}/{each['id']}").status_code for each in hidden[:20]} <= {404}
        assert {nobody.request(method, PUBLIC).status_code for method in ("POST", "PUT", "DELETE")} == {405}
        assert {nobody.get(path).status_code for path in (CASES, f"{CASES}/{case}", f"{PROGRESS}/public/../cases")} == {
            401
        }
