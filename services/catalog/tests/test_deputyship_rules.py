"""Who may stand in for whom, on which days, and who may say so."""

from datetime import date, timedelta

import pytest

from catalog.deputyships import rules
from catalog.deputyships.rules import NotPossible, NotYours, Overlapping, Standing
from chassis.auth import Role
from chassis.deputies import Deputyship
from services.catalog.tests.test_people_rules import caller, person

TODAY = date(2026, 12, 1)
C, A = Role.CITY, Role.ADMIN


def day(number: int) -> date:
    return TODAY + timedelta(number)


def standing(absent: str, since: int, until: int, deputy: str = "li") -> Standing:
    return Standing(deputy, "李四", Deputyship("d", absent, "zone:hefei", ("city",), day(since), day(until), "张三"))


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [(0, 0, None), (3, 9, None), (0, 365, None), (-1, 3, "since"), (3, 2, "until"), (0, 366, "until")],
)
def test_days_are_to_come_and_a_year_at_most(since: int, until: int, field: str | None) -> None:
    if field is None:
        rules.check_days(day(since), day(until), TODAY)
        return
    with pytest.raises(NotPossible) as refused:
        rules.check_days(day(since), day(until), TODAY)
    assert refused.value.pointer == f"/body/{field}"


@pytest.mark.parametrize(
    ("absent", "since", "until", "free"),
    [
        ("zhang", 0, 1, True),
        ("zhang", 6, 9, True),
        ("zhang", 0, 2, False),
        ("zhang", 5, 9, False),
        ("zhang", 3, 4, False),
        ("zhang", 0, 9, False),
        ("wang", 2, 5, True),
    ],
)
def test_on_each_day_somebody_has_one_deputy(absent: str, since: int, until: int, free: bool) -> None:
    present = [standing("zhang", 2, 5)]
    if free:
        rules.check_free(absent, day(since), day(until), present)
    else:
        with pytest.raises(Overlapping):
            rules.check_free(absent, day(since), day(until), present)


@pytest.mark.parametrize(
    ("office", "roles", "enabled", "fits"),
    [
        ("zone:hefei", (C,), True, True),
        ("zone:hefei", (C, A), True, True),
        ("province", (Role.PROVINCE, A), True, True),
        ("zone:hefei", (C,), False, False),
        ("zone:hefei", (), True, False),
        ("zone:hefei", (C, Role.AUDITOR), True, False),
        ("zone:hefei", (C, Role.SECURITY), True, False),
        (None, (C,), True, False),
    ],
)
def test_both_have_the_roles_of_the_office_and_no_others(
    office: str | None, roles: tuple[Role, ...], enabled: bool, fits: bool
) -> None:
    somebody = person(office, *roles, enabled=enabled)
    if fits:
        rules.check_person("deputy", somebody)
    else:
        with pytest.raises(NotPossible):
            rules.check_person("deputy", somebody)


def test_a_deputy_of_others_is_named_by_the_administrator() -> None:
    rules.check_names(caller(C, tenant="hefei"), "x")
    rules.check_names(caller(C, A, tenant="hefei"), "zhang")
    with pytest.raises(NotYours):
        rules.check_names(caller(C, tenant="hefei"), "zhang")


@pytest.mark.parametrize(
    ("absent", "deputy", "roles", "seen"),
    [("x", "li", (C,), True), ("zhang", "x", (C,), True), ("zhang", "li", (C,), False), ("zhang", "li", (C, A), True)],
)
def test_the_two_and_their_administrator_see_it(absent: str, deputy: str, roles: tuple[Role, ...], seen: bool) -> None:
    assert rules.sees(caller(*roles, tenant="hefei"), standing(absent, 0, 1, deputy)) is seen
