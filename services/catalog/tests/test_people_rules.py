"""Whose accounts somebody manages, and which roles can be given."""

from collections.abc import Collection

import pytest

from catalog.people import rules
from catalog.people.rules import Manager, Person
from chassis.auth import Caller, Role
from chassis.problems import DomainError

P, C, D, A = Role.PROVINCE, Role.CITY, Role.DEPARTMENT, Role.ADMIN
SECURITY, HEFEI = Manager("s", None), Manager("h", "zone:hefei")


def caller(*roles: Role, tenant: str | None = None, unit: str | None = None) -> Caller:
    return Caller("x", "", "x", frozenset(roles), tenant, unit, frozenset(), "", 0)


def person(office: str | None, *roles: Role, id_: str = "p", enabled: bool = True) -> Person:
    return Person(id_, "somebody", "某人", "p@example.cn", enabled, office, frozenset(roles))


@pytest.mark.parametrize(
    ("who", "office"),
    [
        (caller(P, A), "province"),
        (caller(C, A, tenant="hefei"), "zone:hefei"),
        (caller(D, A, unit="swt"), "unit:swt"),
    ],
)
def test_an_administrator_manages_its_own_office(who: Caller, office: str) -> None:
    assert rules.manager(who) == Manager("x", office)


@pytest.mark.parametrize(
    "who",
    [caller(P), caller(C, tenant="hefei"), caller(A), caller(C, A), caller(Role.AUDITOR, A), caller(Role.OPERATOR)],
)
def test_others_manage_nobody(who: Caller) -> None:
    assert rules.manager(who) is None


def test_security_manages_all() -> None:
    assert rules.manager(caller(Role.SECURITY)) == Manager("x", None)


@pytest.mark.parametrize(
    ("attributes", "roles", "office"),
    [
        ({"tenant": ["hefei"]}, {C}, "zone:hefei"),
        ({"unit": ["swt"]}, {D, A}, "unit:swt"),
        ({}, {P}, "province"),
        ({}, {Role.AUDITOR}, "system"),
        ({}, {C}, None),
        ({"tenant": ["hefei"], "unit": ["swt"]}, {C}, None),
        ({"tenant": ["hefei", "wuhu"]}, {C}, None),
        ({"tenant": ["hefei"]}, {P}, "zone:hefei"),
    ],
)
def test_an_account_belongs_where_its_rights_come_from(
    attributes: dict[str, list[str]], roles: Collection[Role], office: str | None
) -> None:
    assert rules.office_of(attributes, roles) == office


@pytest.mark.parametrize(
    ("office", "roles"),
    [
        ("zone:hefei", [C]),
        ("zone:hefei", [C, A]),
        ("unit:swt", [D, A]),
        ("province", [P]),
        ("system", [Role.SECURITY]),
    ],
)
def test_roles_of_an_office_can_be_given(office: str, roles: list[Role]) -> None:
    rules.check_roles(office, roles)


@pytest.mark.parametrize(
    ("office", "roles"),
    [
        ("zone:hefei", [P]),
        ("zone:hefei", [C, Role.SECURITY]),
        ("zone:hefei", [C, Role.INTEGRATOR]),
        ("zone:hefei", [A]),
        ("zone:hefei", []),
        ("unit:swt", [C]),
        ("province", [P, Role.AUDITOR]),
        ("system", [Role.SECURITY, Role.AUDITOR]),
        ("system", [P]),
        ("system", [A]),
        (None, [C]),
    ],
)
def test_other_roles_cannot(office: str | None, roles: list[Role]) -> None:
    with pytest.raises(rules.NotGrantable):
        rules.check_roles(office, roles)


@pytest.mark.parametrize(
    ("by", "who", "error"),
    [
        (HEFEI, person("zone:hefei", C, A, id_="h"), rules.Yourself),
        (SECURITY, person("system", Role.SECURITY, id_="s"), rules.Yourself),
        (HEFEI, person("zone:hefei", C, P), rules.Foreign),
        (HEFEI, person("zone:hefei", C, Role.SECURITY), rules.Foreign),
        (HEFEI, person("zone:hefei", C, Role.INTEGRATOR), rules.Foreign),
    ],
)
def test_nobody_manages_itself_or_who_may_do_more(by: Manager, who: Person, error: type[DomainError]) -> None:
    with pytest.raises(error):
        rules.check_manages(by, who)
    assert rules.actions(by, who) == []


def test_what_may_be_done_is_offered() -> None:
    assert rules.actions(HEFEI, person("zone:hefei", C)) == ["roles", "block", "reset", "logout"]
    assert rules.actions(SECURITY, person(None, C, enabled=False)) == ["unblock"]


@pytest.mark.parametrize(
    ("who", "after", "others"),
    [
        (person("zone:hefei", C, A), [C], [person("zone:hefei", C, id_="q")]),
        (person("zone:hefei", C, A), None, [person("zone:hefei", C, A, id_="q", enabled=False)]),
        (person("system", Role.SECURITY), [Role.AUDITOR], [person("system", Role.OPERATOR, id_="q")]),
    ],
)
def test_the_last_administrator_remains(who: Person, after: list[Role] | None, others: list[Person]) -> None:
    with pytest.raises(rules.LastAdministrator):
        rules.check_remains(who, after, [who, *others])


@pytest.mark.parametrize(
    ("who", "after", "others"),
    [
        (person("zone:hefei", C, A), None, [person("zone:hefei", C, A, id_="q")]),
        (person("zone:hefei", C, A), [C, A], []),
        (person("zone:hefei", C), None, []),
        (person("zone:hefei", C, A, enabled=False), [C], []),
    ],
)
def test_others_may_go(who: Person, after: list[Role] | None, others: list[Person]) -> None:
    rules.check_remains(who, after, [who, *others])


def test_a_version_changes_with_what_is_shown() -> None:
    seen = {person("zone:hefei", C), person("zone:hefei", C, A), person("zone:hefei", C, enabled=False)}
    assert len({each.version for each in seen}) == len(seen)
