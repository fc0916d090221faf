"""The pages for those who connect other systems."""

import re

import pytest

from contracts import apis, channels
from contracts.dictionary import MEANINGS
from deploy.local.system import System
from gateway.portal.tests.conftest import AsUser
from portal.interfaces.reading import fields, operations, sample
from tests.support import lines

LIST = "/interfaces/api/progress/lines_api_progress_v1_lines_get"
USERS = ("province.admin", "operator.demo")
SUSPEND = "/interfaces/api/progress/suspend_api_progress_v1_lines__line_id__suspension_post"


def test_each_type_of_event_has_its_page(as_user: AsUser) -> None:
    browser = as_user("province.admin")
    listed = re.findall(r'href="/interfaces/events/([^"]+)"', browser.get("/interfaces/events").text)
    assert set(listed) == set(channels.TYPES)
    page = browser.get("/interfaces/events/zoneportal.progress.filing.approved.v1").text
    assert "<code>line.units[].code</code>" in page
    assert " ".join(MEANINGS["percent"]) in page
    assert browser.get("/interfaces/events/zoneportal.progress.filing.burnt.v1").status_code == 404


@pytest.mark.parametrize("service", ["catalog", "progress", "notify"])
def test_the_operations_of_a_service_are_listed(as_user: AsUser, service: str) -> None:
    listed = re.findall(
        rf'href="/interfaces/api/{service}/([^"]+)"', as_user("operator.demo").get(f"/interfaces/api/{service}").text
    )
    assert listed == [operation.id for operation in operations(apis.APPS[service]().openapi())]


@pytest.mark.parametrize("service", ["catalog", "progress", "notify"])
def test_each_field_of_each_operation_is_shown_once(service: str) -> None:
    for operation in operations(apis.APPS[service]().openapi()):
        for _, _, shown in operation.answers:
            assert len({field.path for field in shown}) == len(shown)
        if operation.body is not None:
            required = {field.path for field in fields(operation.document, operation.body) if field.required}
            begun = sample(operation.document, operation.body)
            assert {name for name in required if "." not in name and "[" not in name} == set(begun)


def test_an_operation_is_tried_under_the_rights_of_whoever_looks(as_user: AsUser, system: System) -> None:
    province, operator = as_user("province.admin"), as_user("operator.demo")
    form = province.get(LIST)
    answer = province.submit(form, LIST, **{"query.limit": "3", "query.jurisdiction": "hefei"}).text
    assert "<code>200</code>" in answer
    assert set(re.findall(r"&#34;jurisdiction&#34;: &#34;(\w+)&#34;", answer)) == {"hefei"}
    assert "<code>403</code>" in operator.submit(operator.get(LIST), LIST).text
    line = lines(system, "hefei.admin")[0]["id"]
    sent = {"path.line_id": line, "header.If-Match": '"1"', "body": '{"reason": "试用"}'}
    assert "<code>403</code>" in operator.submit(operator.get(SUSPEND), SUSPEND, **sent).text


def test_what_is_not_for_the_role_of_whoever_looks_is_marked(as_user: AsUser) -> None:
    marked = {user: as_user(user).get("/interfaces/api/progress").text.count("您的角色无权调用") for user in USERS}
    assert marked["operator.demo"] > marked["province.admin"] > 0
    assert "将被拒绝（403）" in as_user("operator.demo").get(SUSPEND).text
    assert "将被拒绝（403）" not in as_user("province.admin").get(SUSPEND).text


@pytest.mark.parametrize("given", [".", ".."])
def test_a_path_is_not_left(as_user: AsUser, given: str) -> None:
    browser = as_user("province.admin")
    page = browser.submit(browser.get(SUSPEND), SUSPEND, **{"path.line_id": given, "body": "{}"})
    assert page.status_code == 404


def test_what_takes_files_or_never_ends_is_not_tried() -> None:
    untried = {o.path for app in apis.APPS.values() for o in operations(app().openapi()) if not o.can_be_tried}
    assert untried >= {"/api/notify/v1/stream", "/api/progress/v1/attachments", "/api/catalog/v1/imports"}
    assert "/api/progress/v1/lines" not in untried
