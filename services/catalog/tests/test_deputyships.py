"""Deputies in the real Keycloak: named, used with every service, and over at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chassis.clock import today
from chassis.deputies import HEADER
from deploy.local.system import System
from deploy.local.tokens import access_token
from gateway.keycloak.tests.support import claims
from tests.people import forget, keycloak
from tests.support import CATALOG, NOTIFY, PROGRESS, Json, get

DEPUTYSHIPS, PEOPLE = f"{CATALOG}/deputyships", f"{CATALOG}/people"
NAMES = ("李四", "张三", "王五")


class Person:
    """Somebody of Bengbu; ``acting`` for whom its requests are, if for anybody."""

    def __init__(self, system: System, username: str) -> None:
        self.username = username
        self.token = access_token(system.endpoints["gateway"], username, system.password)
        self.sub, self.acting = str(claims(self.token)["sub"]), ""
        self._client = httpx.Client(base_url=system.endpoints["gateway"], timeout=30, trust_env=False)

    def ask(self, method: str, path: str, version: int | None = None, **given: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        headers |= {HEADER: self.acting} if self.acting else {}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        return self._client.request(method, path, headers=headers, **given)

    def name(self, absent: "Person", deputy: "Person", since: int = 0, until: int = 2) -> httpx.Response:
        days = {name: str(today() + timedelta(number)) for name, number in (("since", since), ("until", until))}
        return self.ask("POST", DEPUTYSHIPS, json={"absent": absent.sub, "deputy": deputy.sub} | days)

    def withdraw(self, made: Json) -> httpx.Response:
        return self.ask("POST", f"{DEPUTYSHIPS}/{made['id']}/withdrawal", made["version"])

    def stands_in_for(self, absent: "Person") -> httpx.Response:
        """What progress says to a request in the other's name."""
        self.acting = absent.sub
        answer = self.ask("GET", f"{PROGRESS}/desk")
        self.acting = ""
        return answer


@pytest.fixture(scope="module")
def head(system: System) -> Person:
    return Person(system, "bengbu.admin")


@pytest.fixture(scope="module")
def writers(system: System, head: Person) -> Iterator[list[Person]]:
    """Three of Bengbu who are no administrators."""
    usernames, admin = [f"test-{uuid4().hex[:10]}" for _ in NAMES], keycloak(system)
    for username, name in zip(usernames, NAMES, strict=True):
        given = {"username": username, "name": name, "email": f"{username}@example.cn", "office": "zone:bengbu"}
        person = head.ask("POST", PEOPLE, json=given | {"roles": ["city"]}).raise_for_status().json()
        admin.set_user_password(person["id"], system.password, temporary=False)
        admin.update_user(person["id"], admin.get_user(person["id"]) | {"requiredActions": []})
    yield [Person(system, username) for username in usernames]
    for username in usernames:
        forget(system, username)


def _problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def test_a_deputy_acts_with_the_others_roles_in_both_names(system: System, head: Person, writers: list[Person]) -> None:
    li, *_ = writers
    assert _problem(li.stands_in_for(head)) == (403, "not-deputy")
    made = head.name(head, li).raise_for_status().json()
    assert (made["absent"]["name"], made["deputy"]["name"], made["running"]) == ("蚌埠片区管理员", "李四", True)
    for person in (head, li):
        assert made["id"] in {each["id"] for each in person.ask("GET", DEPUTYSHIPS).json()["items"]}
    own = li.ask("GET", f"{NOTIFY}/robots")
    li.acting = head.sub
    robots = li.ask("GET", f"{NOTIFY}/robots")
    assert (own.status_code, robots.status_code, robots.headers["cache-control"]) == (403, 200, "no-store")
    key = {"Idempotency-Key": uuid4().hex}
    feed = f"{PROGRESS}/calendar-feed/revocation"
    assert li.ask("POST", feed, headers=key, json={}).status_code == 201
    for path in (PEOPLE, DEPUTYSHIPS):
        assert _problem(li.ask("GET", path)) == (403, "forbidden")
    assert _problem(li.name(head, li, 5, 6)) == (403, "forbidden")
    li.acting = ""
    assert _problem(li.ask("POST", feed, headers=key, json={})) == (422, "idempotency-key-reused")
    entry = get(system, "auditor.demo", f"{CATALOG}/audit", thing_id=made["id"])["items"][0]
    assert (entry["action"], entry["tenant"]) == ("deputyship.named", "bengbu")
    assert entry["after"]["deputy"] == "李四"
    assert (li.ask("GET", f"{PROGRESS}/desk").status_code, li.stands_in_for(head).status_code) == (200, 200)
    names = [each["name"] for each in head.ask("GET", f"{PROGRESS}/persons").json()["items"]]
    assert "李四" in names and not any("代" in name for name in names)
    head.withdraw(made).raise_for_status()


def test_what_may_not_be_is_refused_with_its_field(system: System, head: Person, writers: list[Person]) -> None:
    li, zhang, wang = writers
    stranger = Person(system, "wuhu.admin")
    refused: dict[str, tuple[httpx.Response, int, str]] = {
        "oneself": (li.name(li, li), 422, "/body/deputy"),
        "another office": (li.name(li, stranger), 422, "/body/deputy"),
        "of another office": (head.name(stranger, li), 422, "/body/absent"),
        "too late": (li.name(li, zhang, -1), 422, "/body/since"),
        "backwards": (li.name(li, zhang, 3, 2), 422, "/body/until"),
    }
    found = {
        what: (answer.status_code, answer.json()["errors"][0]["pointer"]) for what, (answer, *_) in refused.items()
    }
    assert found == {what: (status, pointer) for what, (_, status, pointer) in refused.items()}
    assert _problem(li.name(zhang, li)) == (403, "forbidden")
    made = head.name(zhang, li, 3, 5).raise_for_status().json()
    assert _problem(zhang.name(zhang, head, 5, 9)) == (409, "deputised")
    assert _problem(li.stands_in_for(zhang)) == (403, "not-deputy")
    assert stranger.withdraw(made).status_code == 404
    assert wang.withdraw(made).status_code == 404
    assert li.withdraw(made | {"version": 0}).status_code == 412
    assert li.withdraw(made).status_code == 200


def test_it_is_not_passed_on(head: Person, writers: list[Person]) -> None:
    li, _, wang = writers
    first = head.name(head, li).raise_for_status().json()
    second = li.name(li, wang).raise_for_status().json()
    assert wang.stands_in_for(li).status_code == 200
    assert _problem(wang.stands_in_for(head)) == (403, "not-deputy")
    for made in (first, second):
        head.withdraw(made).raise_for_status()


def test_it_is_over_at_once(head: Person, writers: list[Person]) -> None:
    """Last, since who was blocked is logged out."""
    deputy, absent, wang = writers

    def change(person: Person, what: str, method: str = "POST", **given: Any) -> None:
        path = f"{PEOPLE}/{person.sub}"
        version = head.ask("GET", path).json()["version"]
        head.ask(method, f"{path}/{what}", version, json=given).raise_for_status()

    ends: dict[str, Callable[[Json], object]] = {
        "withdrawn": lambda made: absent.withdraw(made).raise_for_status(),
        "given back": lambda made: deputy.withdraw(made).raise_for_status(),
        "other roles": lambda _: change(absent, "roles", "PUT", roles=["city", "admin"]),
        "the deputy is blocked": lambda _: change(deputy, "block", reason="调离"),
    }
    for end, by in ends.items():
        made = head.name(absent, deputy).raise_for_status().json()
        assert deputy.stands_in_for(absent).status_code == 200
        by(made)
        assert _problem(deputy.stands_in_for(absent)) == (403, "not-deputy"), end
        assert made["id"] not in {each["id"] for each in head.ask("GET", DEPUTYSHIPS).json()["items"]}
    head.name(absent, wang).raise_for_status()
    change(absent, "block", reason="调离")
    assert _problem(wang.stands_in_for(absent)) == (403, "not-deputy")
