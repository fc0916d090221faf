"""The pages of assessments: a fact is left out with a reason, seen by the office, and counts again, all by forms."""

import re

from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.assessments import rules
from tests import assessments


def test_a_fact_is_left_out_and_counts_again_by_forms(system: System, as_user: AsUser) -> None:
    path, _ = assessments.exempted(system, 2094)
    page = f"/assessments/{path.rpartition('/')[2]}/zone:hefei"
    office, city = as_user("province.admin"), as_user("hefei.admin")
    shown = office.get(page)
    (_, fact) = re.findall(r'<option value="([0-9a-f-]{36})"', shown.text)[:2]
    form = {"_csrf": _csrf(shown.text), "act": "exempt", "item": "lines"}
    given = form | {"_version": _version(shown.text, "exempt"), "fact": fact}
    refused = office.post(page, data=given | {"reason": ""})
    assert refused.status_code == 422 and "#e-lines-reason" in refused.text
    granted = office.post(page, data=given | {"reason": "审批权限上收"})
    assert "已认定容错" in granted.text and "审批权限上收" in granted.text
    seen = city.get(page)
    assert "容错：审批权限上收" in seen.text and "撤销容错" not in seen.text
    exemption = re.findall(r'name="exemption" value="([^"]+)"', granted.text)[-1]
    lifting = {"act": "lift", "exemption": exemption, "_version": "1", "reason": "理由不成立"}
    assert "容错已撤销" in office.post(page, data=form | lifting).text
    assert "容错：审批权限上收" not in city.get(page).text and "理由不成立" in city.get(page).text
    assert "/assessments/" in as_user("auditor.demo").get(page).text


def test_the_scheme_says_what_a_declared_risk_costs(system: System, as_user: AsUser) -> None:
    path, _ = assessments.exempted(system, 2094)
    assert "时限之前已申报风险" in as_user("hefei.admin").get(f"/assessments/{path.rpartition('/')[2]}").text


def _csrf(page: str) -> str:
    return _found(r'name="_csrf" value="([^"]+)"', page)


def _version(page: str, act: str) -> str:
    """That of the form with this act."""
    return _found(rf'name="_version" value="(\d+)"[^>]*>(?:<input[^>]*>)*?<input[^>]*name="act" value="{act}"', page)


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found
    return found[1]


def test_zones_and_units_are_ranked_apart_and_equals_share_a_place() -> None:
    totals = {"unit:a": 100.0, "zone:b": 90.0, "zone:c": 90.0, "zone:d": 80.5, "unit:e": None}
    found = rules.ranked([{"office": office, "total": total} for office, total in totals.items()])
    assert [[place for place, _ in own] for _, own in found] == [[1, 1, 3], [1, None]]
    assert rules.ranked([{"office": "zone:b", "total": 90.0}]) == [
        (("片区", "Zones"), [(None, {"office": "zone:b", "total": 90.0})])
    ]
