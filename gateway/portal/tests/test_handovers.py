"""The pages of handovers: a person is named for a line, the open work is listed, confirmed and passed on by forms."""

import re
from uuid import uuid4

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from gateway.portal.tests.support import csrf, here
from gateway.portal.tests.test_lines import Line, hefei
from tests.support import lines

__all__ = ["hefei"]


def test_a_persons_work_passes_to_another_by_forms(system: System, as_user: AsUser) -> None:
    line = lines(system, "dept.swt", jurisdiction="province")[0]
    office, receiver, giver = as_user("swt.admin"), as_user("dept.swt"), f"张三{uuid4()}"
    form = f"/handovers/_person?line={line['id']}"
    assert f'href="{form}"' in office.get(f"/lines/{line['id']}").text
    refused = office.submit(office.get(form), form, person="")
    assert refused.status_code == 422 and "#f-person" in refused.text
    named = office.submit(refused, form, person=giver)
    assert "责任人已确定" in named.text and giver in named.text
    receiver.get("/handovers")
    listed = office.get("/handovers/_new", params={"giver": giver})
    things = re.findall(r'name="things" value="([^"]+)"', listed.text)
    assert things == [line["id"]] and f'href="/lines/{line["id"]}"' in listed.text
    assert 'value="dept.swt"' in listed.text and 'value="hefei.admin"' not in listed.text
    given = {"_csrf": csrf(listed), "giver": giver, "reason": "岗位调整", "things": things}
    other = office.post("/handovers/_new", data=given | {"receiver": "hefei.admin"})
    assert other.status_code == 422 and "#f-receiver" in other.text
    made = office.post("/handovers/_new", data=given | {"receiver": "dept.swt"})
    assert "已交接" in made.text and line["task"]["title"] in made.text
    assert "省商务厅联络员" in made.text and "dept.swt" in made.text
    assert f'href="/lines/{line["id"]}"' in receiver.get("/handovers").text
    for reader in ("province.admin", "auditor.demo"):
        assert here(made) in as_user(reader).get("/handovers").text
    assert as_user("wuhu.admin").get(here(made)).status_code == 404


def test_only_an_offices_administrator_hands_over(as_user: AsUser, hefei: Line) -> None:
    for user in ("dept.swt", "province.admin", "auditor.demo"):
        assert "/handovers/_new" not in as_user(user).get("/handovers").text
        for page in ("_new", f"_person?line={hefei['id']}"):
            assert as_user(user).get(f"/handovers/{page}").status_code == 404
    assert "本单位责任人" not in as_user("province.admin").get(f"/lines/{hefei['id']}").text
