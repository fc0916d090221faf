"""Without a valid token for these services there is nothing, at the gateway and behind it."""

from collections.abc import Mapping
from contextlib import ExitStack

import httpx
import pytest

from deploy.local.ports import SERVICES
from deploy.local.system import System
from tests.isolation.operations import OPERATIONS
from tests.isolation.things import Things, attempts, nothing
from tests.support import PROGRESS

WRONG = ("no token", "broken signature", "no signature", "another audience", "another realm", "expired")
GATEWAY = "the gateway"


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("door", [GATEWAY, "the services' own ports"])
def test_nothing_is_answered_without_a_good_token(
    system: System, tokens: Mapping[str, str], things: Things, door: str, wrong: str
) -> None:
    """Without a token all is tried in all ways; one that is not good is refused before anything is looked at."""
    headers = {"Authorization": f"Bearer {tokens[wrong]}"} if tokens[wrong] else {}
    refusal = 403 if (wrong, door) == ("another audience", GATEWAY) else 401
    with ExitStack() as stack:
        clients = {
            service: stack.enter_context(httpx.Client(base_url=address, headers=headers, trust_env=False))
            for service, address in _addresses(system, door).items()
        }
        for operation in OPERATIONS:
            ways, known = attempts(operation), [thing for _, thing in things.of(operation)]
            if tokens[wrong] and not operation.is_public:
                ways, known = ways[:1], known[:1]
            for attempt in ways:
                names = [nothing(), *known]
                of_nothing, *answers = [attempt.ask(clients[operation.service], operation, name) for name in names]
                if operation.is_public:
                    assert {answer.status for answer in answers} <= {200, 404}
                    continue
                assert all(answer == of_nothing for answer in answers)
                assert of_nothing.status == refusal or not attempt.is_valid


@pytest.mark.parametrize(
    "wrong", ["changed claims", "signed with the public key", "signed by another key", "with its own key"]
)
@pytest.mark.parametrize("door", [GATEWAY, "the services' own ports"])
def test_a_token_that_somebody_else_made_opens_nothing(
    system: System, tokens: Mapping[str, str], door: str, wrong: str
) -> None:
    for service, address in _addresses(system, door).items():
        headers = {"Authorization": f"Bearer {tokens[wrong]}"}
        with httpx.Client(base_url=address, headers=headers, trust_env=False) as client:
            assert client.get(f"/api/{service}/v1/audit").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "at_gateway", "behind"),
    [
        ("no token", "Jwt is missing", "请先登录"),
        ("forged signature", "Jwt verification fails", "令牌的签名无效"),
        ("expired", "Jwt is expired", "令牌已过期"),
        ("another audience", "Audiences in Jwt are not allowed", "令牌不是为本接口签发的"),
    ],
)
def test_a_refusal_says_what_is_wrong_with_the_token(
    system: System, tokens: Mapping[str, str], wrong: str, at_gateway: str, behind: str
) -> None:
    """The clocks of the two may differ a little: what the gateway still lets through, the service refuses."""
    headers = {"Authorization": f"Bearer {tokens[wrong]}"} if tokens[wrong] else {}
    for door, reasons in ((GATEWAY, (at_gateway, behind)), ("the service's own port", (behind,))):
        with httpx.Client(base_url=_addresses(system, door)["notify"], headers=headers, trust_env=False) as client:
            answer = client.get("/api/notify/v1/events")
        assert answer.headers["content-type"] == "application/problem+json"
        assert any(reason in answer.json()["detail"] for reason in reasons)


@pytest.mark.parametrize("door", [GATEWAY, "the services' own ports"])
def test_without_a_token_there_is_what_is_published_alone(system: System, things: Things, door: str) -> None:
    addresses = _addresses(system, door)
    for operation in (operation for operation in OPERATIONS if operation.is_public):
        with httpx.Client(base_url=addresses[operation.service], trust_env=False) as client:
            (attempt,) = attempts(operation)
            for owner, thing in things.of(operation):
                status = attempt.ask(client, operation, thing).status
                assert status == (404 if owner == "hefei" else 200), (operation, owner)


@pytest.mark.parametrize("door", [GATEWAY, "the services' own ports"])
def test_without_a_token_a_published_case_leads_to_no_file_of_another_case(
    system: System, things: Things, door: str
) -> None:
    case, hidden = (things.named["published case"][owner] for owner in ("published", "hefei"))
    with httpx.Client(base_url=_addresses(system, door)["progress"], trust_env=False) as client:
        path = f"{PROGRESS}/public/cases/{case['published_id']}"
        assert [each["id"] for each in client.get(path).json()["attachments"]] == [case["file_id"]]
        statuses = {
            file: client.get(f"{path}/attachments/{file}/content").status_code
            for file in (case["file_id"], hidden["file_id"], things.named["attachment"]["case"]["attachment_id"])
        }
    assert list(statuses.values()) == [200, 404, 404]


def _addresses(system: System, door: str) -> dict[str, str]:
    own = system.endpoints["components"]
    return {service: system.endpoints["gateway"] if door == GATEWAY else own[f"{service}-api"] for service in SERVICES}


@pytest.mark.parametrize(
    "path",
    [
        "//api/progress/v1/overview",
        "/api//progress/v1/overview",
        "/api%2Fprogress/v1/overview",
        "/%61pi/progress/v1/overview",
        "/about/%2e%2e/api/progress/v1/overview",
        "/API/progress/v1/overview",
        "/api/progress/v1/overview;x",
        "/api/progress/metrics",
        "/metrics",
        "/readyz",
        "/auth/admin/master/console/",
        "/auth/realms/master/.well-known/openid-configuration",
        "/auth/realms/zoneportal%2F..%2Fmaster/.well-known/openid-configuration",
    ],
)
def test_no_other_spelling_of_an_address_opens_the_gateway(system: System, path: str) -> None:
    with system.client() as client:
        assert client.get(f"{system.endpoints['gateway']}{path}").status_code in (400, 401, 404)
