"""People, as Keycloak has them: invited, given roles and blocked by their own administrators, and by nobody else's."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from keycloak import KeycloakAdmin

from deploy.local.system import System
from gateway.keycloak.tests.support import claims, sign_in
from realm.declaration import REALM
from tests.people import forget, keycloak
from tests.support import CATALOG, Json, client_of, get

PEOPLE = f"{CATALOG}/people"
PASSWORD = "a password of tests"
OTP = '{"subType":"totp","digits":6,"period":30,"algorithm":"HmacSHA1"}'
Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def admin(system: System) -> KeycloakAdmin:
    return keycloak(system)


@pytest.fixture(scope="module")
def ask(system: System) -> Ask:
    def ask(user: str, method: str, path: str = "", version: int | None = None, **given: Any) -> httpx.Response:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return client_of(system, user).request(method, PEOPLE + path, headers=headers, **given)

    return ask


def somebody(**changes: Any) -> Json:
    username = f"test-{uuid4().hex[:10]}"
    return {
        "username": username,
        "name": "李 晓明",
        "email": f"{username}@example.cn",
        "office": "zone:hefei",
        "roles": ["city"],
    } | changes


@pytest.fixture
def invited(system: System, ask: Ask) -> Iterator[Callable[..., Json]]:
    """Invites somebody; gone after the test."""
    made: list[str] = []

    def invite(by: str = "hefei.admin", **changes: Any) -> Json:
        answer = ask(by, "POST", json=somebody(**changes))
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        made.append(answer.json()["username"])
        return dict(answer.json())

    yield invite
    for username in made:
        forget(system, username)


def log_in(system: System, admin: KeycloakAdmin, person: Json) -> httpx.Response:
    """With a password that an administrator gave."""
    admin.set_user_password(person["id"], PASSWORD, temporary=False)
    admin.update_user(person["id"], admin.get_user(person["id"]) | {"requiredActions": []})
    with httpx.Client(base_url=system.instance.issuer, timeout=30, trust_env=False) as realm:
        return sign_in(realm, "zoneportal-cli", person["username"], PASSWORD)


def test_who_is_invited_is_written_to_and_has_the_offices_rights(
    system: System, ask: Ask, admin: KeycloakAdmin, invited: Callable[..., Json]
) -> None:
    person = invited()
    assert (person["mailed"], person["password"], person["actions"]) == (
        True,
        None,
        ["roles", "block", "reset", "logout"],
    )
    mails = httpx.get(f"{system.endpoints['mail']}/messages", trust_env=False).json()
    assert any(person["email"] in mail["to"] for mail in mails)
    said = claims(log_in(system, admin, person).json()["access_token"])
    assert (said["roles"], said["tenant"], said["name"]) == (["city"], "hefei", "李 晓明")
    found = get(system, "hefei.admin", PEOPLE, search="晓明")
    assert person["id"] in {each["id"] for each in found["items"]}
    assert [each["office"] for each in found["offices"]] == ["zone:hefei"]
    entry = get(system, "auditor.demo", f"{CATALOG}/audit", thing_id=person["id"])["items"][0]
    assert (entry["action"], entry["name"], entry["tenant"]) == ("person.invited", "合肥片区管理员", "hefei")
    assert entry["after"]["username"] == person["username"]


def test_another_offices_administrator_finds_nobody(ask: Ask, invited: Callable[..., Json]) -> None:
    person = invited()
    for by in ("wuhu.admin", "province.admin"):
        assert ask(by, "GET", f"/{person['id']}").status_code == 404
        assert ask(by, "POST", f"/{person['id']}/block", person["version"], json={"reason": "…"}).status_code == 404
        assert ask(by, "GET", params={"search": person["username"]}).json()["items"] == []
        assert ask(by, "GET", params={"office": "zone:hefei"}).status_code == 404
    found = ask("security.demo", "GET", params={"search": person["username"]}).json()
    assert [each["office"] for each in found["items"]] == ["zone:hefei"]


def test_a_list_has_pages(ask: Ask) -> None:
    first = ask("security.demo", "GET", params={"limit": 3}).json()
    second = ask("security.demo", "GET", params={"limit": 3, "cursor": first["next"]}).json()
    assert len({each["id"] for each in first["items"] + second["items"]}) == 6
    assert ask("security.demo", "GET", params={"cursor": "nonsense"}).status_code == 422
    assert first["total"] == second["total"] > 6
    hats = ask("security.demo", "GET", params={"office": "system"}).json()["items"]
    assert {"auditor.demo", "operator.demo", "security.demo"} <= {each["username"] for each in hats}


def test_a_list_says_how_many_there_are(ask: Ask, invited: Callable[..., Json]) -> None:
    def found(by: str, **params: Any) -> tuple[int, bool, int | None]:
        page = ask(by, "GET", params=params).json()
        return len(page["items"]), page["next"] is not None, page["total"]

    before, name = found("hefei.admin", limit=200)[2], f"同名 {uuid4().hex[:8]}"
    assert before is not None
    for _ in range(2):
        invited(name=name)
    assert found("hefei.admin", limit=1) == (1, True, before + 2)
    assert found("hefei.admin", search=name) == found("security.demo", search=name) == (2, False, 2)
    assert found("hefei.admin", search=name, limit=1) == (1, True, None)
    assert found("security.demo", search=name, limit=1) == (1, True, 2)
    assert found("security.demo", search=f"{name}!") == (0, False, 0)


@pytest.mark.parametrize(
    ("by", "changes", "status", "pointer"),
    [
        ("hefei.admin", {"roles": ["province"]}, 422, "/body/roles"),
        ("hefei.admin", {"roles": ["city", "security"]}, 422, "/body/roles"),
        ("hefei.admin", {"roles": ["integrator"]}, 422, "/body/roles"),
        ("hefei.admin", {"office": "province", "roles": ["province"]}, 422, "/body/office"),
        ("hefei.admin", {"office": "system", "roles": ["security"]}, 422, "/body/office"),
        ("hefei.admin", {"office": "zone:wuhu"}, 422, "/body/office"),
        ("security.demo", {"office": "zone:no-such"}, 422, "/body/office"),
        ("security.demo", {"office": "system", "roles": ["security", "auditor"]}, 422, "/body/roles"),
        ("hefei.admin", {"username": "hefei.admin"}, 409, "/body/username"),
        ("hefei.admin", {"email": "wuhu.admin@zoneportal.internal"}, 409, "/body/email"),
        ("hefei.admin", {"username": "李晓明"}, 422, "/body/username"),
        ("hefei.admin", {"email": "nowhere"}, 422, "/body/email"),
        ("hefei.admin", {"name": "<b>"}, 422, "/body/name"),
    ],
)
def test_what_may_not_be_is_refused_with_its_field(ask: Ask, by: str, changes: Json, status: int, pointer: str) -> None:
    answer = ask(by, "POST", json=somebody(**changes))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer), answer.text


def test_a_mail_that_cannot_be_sent_leaves_a_password_for_one_login(
    admin: KeycloakAdmin, invited: Callable[..., Json]
) -> None:
    mail = admin.get_realm(REALM)["smtpServer"]
    admin.update_realm(REALM, {"smtpServer": mail | {"port": "1"}})
    try:
        made = invited()
    finally:
        admin.update_realm(REALM, {"smtpServer": mail})
    assert made["mailed"] is False and len(made["password"]) >= 16
    assert "UPDATE_PASSWORD" in admin.get_user(made["id"])["requiredActions"]


def test_roles_are_given_and_taken_within_the_office(ask: Ask, invited: Callable[..., Json]) -> None:
    person = invited()
    path, version = f"/{person['id']}/roles", person["version"]
    assert ask("hefei.admin", "PUT", path, version, json={"roles": ["city", "province"]}).status_code == 422
    given = ask("hefei.admin", "PUT", path, version, json={"roles": ["city", "admin"]})
    assert (given.status_code, given.json()["roles"]) == (200, ["city", "admin"])
    assert ask("hefei.admin", "PUT", path, version, json={"roles": ["city"]}).status_code == 412
    taken = ask("security.demo", "PUT", path, given.json()["version"], json={"roles": ["city"]})
    assert taken.json()["roles"] == ["city"]


def test_who_is_blocked_cannot_log_in(
    system: System, ask: Ask, admin: KeycloakAdmin, invited: Callable[..., Json]
) -> None:
    person = invited()
    path = f"/{person['id']}"
    assert log_in(system, admin, person).status_code == 200
    blocked = ask("hefei.admin", "POST", f"{path}/block", person["version"], json={"reason": "调离"})
    assert (blocked.status_code, blocked.json()["actions"]) == (200, ["roles", "unblock"])
    assert log_in(system, admin, person).status_code == 400
    back = ask("hefei.admin", "POST", f"{path}/unblock", blocked.json()["version"])
    assert back.json()["enabled"] is True
    assert log_in(system, admin, person).status_code == 200
    acts = get(system, "auditor.demo", f"{CATALOG}/audit", thing_id=person["id"])["items"]
    assert [(each["action"], each["reason"]) for each in acts[:2]] == [
        ("person.unblocked", None),
        ("person.blocked", "调离"),
    ]


@pytest.mark.parametrize(
    ("by", "who", "slug"),
    [
        ("hefei.admin", "hefei.admin", "yourself"),
        ("security.demo", "security.demo", "yourself"),
        ("security.demo", "hefei.admin", "last-administrator"),
    ],
)
def test_neither_oneself_nor_the_last_administrator_is_blocked(ask: Ask, by: str, who: str, slug: str) -> None:
    found = ask(by, "GET", params={"search": who}).json()["items"]
    id_ = next(each["id"] for each in found if each["username"] == who)
    version = ask(by, "GET", f"/{id_}").json()["version"]
    for method, path, given in (("POST", "block", {"reason": "…"}), ("PUT", "roles", {"roles": ["city"]})):
        answer = ask(by, method, f"/{id_}/{path}", version, json=given)
        assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{slug}")


def test_an_account_with_further_rights_is_not_its_offices_to_manage(
    ask: Ask, admin: KeycloakAdmin, invited: Callable[..., Json]
) -> None:
    person = invited()
    admin.assign_realm_roles(person["id"], [admin.get_realm_role("security")])
    shown = ask("hefei.admin", "GET", f"/{person['id']}").json()
    assert shown["actions"] == []
    assert (
        ask("hefei.admin", "POST", f"/{person['id']}/block", shown["version"], json={"reason": "…"}).status_code == 403
    )
    mended = ask("security.demo", "PUT", f"/{person['id']}/roles", shown["version"], json={"roles": ["city"]})
    assert mended.json()["roles"] == ["city"]


def test_a_reset_takes_password_second_factors_and_logins(
    system: System, ask: Ask, admin: KeycloakAdmin, invited: Callable[..., Json]
) -> None:
    person = invited()
    path, version = f"/{person['id']}", person["version"]
    assert log_in(system, admin, person).status_code == 200
    totp = {"type": "otp", "userLabel": "手机", "secretData": '{"value":"c2VjcmV0"}', "credentialData": OTP}
    admin.update_user(person["id"], {"credentials": [totp]})
    shown = ask("hefei.admin", "GET", path).json()
    assert [(each["kind"], each["label"]) for each in shown["second_factors"]] == [("totp", "手机")]
    assert [each["clients"] for each in shown["sessions"]] == [["zoneportal-cli"]]
    assert ask("hefei.admin", "POST", f"{path}/logout", version, json={"session": "nobodys"}).status_code == 404
    one = {"session": shown["sessions"][0]["id"]}
    assert ask("hefei.admin", "POST", f"{path}/logout", version, json=one).status_code == 200
    nothing = ask("hefei.admin", "POST", f"{path}/reset", version, json={"what": []})
    assert nothing.status_code == 422
    both = {"what": ["password", "second_factors"]}
    assert ask("wuhu.admin", "POST", f"{path}/reset", version, json=both).status_code == 404
    reset = ask("hefei.admin", "POST", f"{path}/reset", version, json=both)
    assert (reset.json()["mailed"], reset.headers["cache-control"]) == (True, "no-store")
    after = ask("hefei.admin", "GET", path).json()
    assert (after["second_factors"], after["sessions"]) == ([], [])
    assert set(admin.get_user(person["id"])["requiredActions"]) == {"UPDATE_PASSWORD", "CONFIGURE_TOTP"}
    acts = get(system, "auditor.demo", f"{CATALOG}/audit", thing_id=person["id"])["items"]
    assert {"person.password_reset", "person.second_factors_reset", "person.logged_out"} <= {
        each["action"] for each in acts
    }


def test_the_province_learns_how_many_people_a_zone_has_and_not_who(
    system: System, ask: Ask, invited: Callable[..., Json]
) -> None:
    def counted() -> tuple[int, int]:
        found = get(system, "province.admin", f"{CATALOG}/zones/bengbu/accounts")
        assert set(found) == {"people", "administrators"}
        return found["people"], found["administrators"]

    people, administrators = counted()
    person = invited("security.demo", office="zone:bengbu", roles=["city", "admin"])
    assert counted() == (people + 1, administrators + 1)
    blocked = ask("security.demo", "POST", f"/{person['id']}/block", person["version"], json={"reason": "试验完毕"})
    assert blocked.status_code == 200
    assert counted() == (people, administrators)
    nowhere = client_of(system, "province.admin").get(f"{CATALOG}/zones/nowhere/accounts")
    assert nowhere.status_code == 404
