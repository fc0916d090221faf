"""Deputyships as accounts carry them, on which days they are good, and what a deputy is called."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import deputies
from chassis.auth import Caller, Role
from chassis.deputies import Deputyship

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 10)
DAY = timedelta(1)
LEAVE = Deputyship("d", "zhang", "unit:swt", ("department", "admin"), FIRST, LAST, "张三")
LI = Caller("li", "李四", "li.si", frozenset({Role.DEPARTMENT}), None, "swt", frozenset(), "", 0)


@given(
    name=st.text(min_size=1, max_size=50).filter(lambda name: name == name.strip()),
    days=st.tuples(st.dates(), st.dates()),
    roles=st.lists(st.sampled_from([role.value for role in Role]), min_size=1),
)
def test_an_account_carries_it_as_it_is(name: str, days: tuple[date, date], roles: list[str]) -> None:
    about = Deputyship(str(uuid4()), str(uuid4()), "zone:hefei", tuple(roles), *days, name)
    assert Deputyship.of(str(about)) == about


@pytest.mark.parametrize(
    ("office", "day", "good"),
    [
        ("unit:swt", FIRST, True),
        ("unit:swt", LAST, True),
        ("unit:swt", FIRST - DAY, False),
        ("unit:swt", LAST + DAY, False),
        ("unit:hfhg", FIRST, False),
        ("province", FIRST, False),
        (None, FIRST, False),
    ],
)
def test_it_is_good_on_its_days_and_within_its_office(office: str | None, day: date, good: bool) -> None:
    assert deputies.running([LEAVE], office, day) == ([LEAVE] if good else [])


def test_a_deputy_has_the_others_roles_and_both_names_and_stays_itself() -> None:
    acting = LI.acting(LEAVE)
    assert (acting.sub, acting.name, acting.acting_for) == ("li", "李四（代张三）", "zhang")
    assert (acting.roles, acting.office) == (frozenset({Role.DEPARTMENT, Role.ADMIN}), "unit:swt")
    writer = replace(LEAVE, roles=("department",))
    assert not replace(LI, roles=acting.roles).acting(writer).has(Role.ADMIN)


@pytest.mark.parametrize(
    ("roles", "tenant", "unit", "office"),
    [
        ({Role.PROVINCE}, None, None, "province"),
        ({Role.CITY}, "hefei", None, "zone:hefei"),
        ({Role.DEPARTMENT}, None, "swt", "unit:swt"),
        ({Role.CITY}, None, None, None),
        ({Role.SECURITY}, None, None, None),
        ({Role.AUDITOR}, "hefei", None, None),
    ],
)
def test_who_works_in_no_office_stands_in_for_nobody(
    roles: set[Role], tenant: str | None, unit: str | None, office: str | None
) -> None:
    assert replace(LI, roles=frozenset(roles), tenant=tenant, unit=unit).office == office
