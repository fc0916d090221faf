"""The template by which several people are invited: each wrong cell is named, with its column and the reason."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from catalog.people import sheets
from chassis.auth import Role

ZONE = {"合肥片区": "zone:hefei"}
ALL = ZONE | {"省自贸办": "province", "系统管理": "system", "省商务厅": "unit:swt"}
GOOD = ("李晓明", "li.xiaoming", "li@example.cn", "合肥片区", "")


def filled(*rows: tuple[str, ...], offices: dict[str, str] = ALL) -> bytes:
    book = load_workbook(BytesIO(sheets.template(offices)))
    for row in rows:
        book["用户"].append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("row", "office", "roles"),
    [
        (GOOD, "zone:hefei", [Role.CITY]),
        ((*GOOD[:4], "管理员"), "zone:hefei", [Role.CITY, Role.ADMIN]),
        ((*GOOD[:3], "系统管理", "审计管理员"), "system", [Role.AUDITOR]),
        ((*GOOD[:3], "省自贸办", ""), "province", [Role.PROVINCE]),
    ],
)
def test_a_row_says_who_is_invited(row: tuple[str, ...], office: str, roles: list[Role]) -> None:
    ((_, person),) = sheets.people(filled(row), ALL)
    assert (person.username, person.name, person.office, person.roles) == ("li.xiaoming", "李晓明", office, roles)


def test_who_manages_one_office_need_not_name_it() -> None:
    ((_, person),) = sheets.people(filled((*GOOD[:3], "", ""), offices=ZONE), ZONE)
    assert person.office == "zone:hefei"


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ([("", *GOOD[1:])], {"A2"}),
        ([("李", "李晓明", "nowhere", "合肥片区", "")], {"B2", "C2"}),
        ([(*GOOD[:3], "蚌埠片区", "")], {"D2"}),
        ([(*GOOD[:4], "省自贸办")], {"E2"}),
        ([(*GOOD[:4], "安全管理员")], {"E2"}),
        ([(*GOOD[:3], "系统管理", "")], {"E2"}),
        ([("=A1", *GOOD[1:])], {"A2"}),
        ([GOOD, GOOD], {"B3", "C3"}),
        ([GOOD, ("王", "WANG", "wang@example.cn", "", "")], {"B3", "D3"}),
        ([], {"A2"}),
    ],
)
def test_each_wrong_cell_is_named(rows: list[tuple[str, ...]], cells: set[str]) -> None:
    with pytest.raises(sheets.WrongRows) as refused:
        sheets.people(filled(*rows), ALL)
    assert {pointer.rpartition("/")[2] for pointer, _ in refused.value.errors} == cells


def test_an_office_of_others_is_none() -> None:
    with pytest.raises(sheets.WrongRows) as refused:
        sheets.people(filled((*GOOD[:3], "省商务厅", "")), ZONE)
    assert refused.value.errors == [("/body/file/D2", "第 2 行“单位”：没有这个单位；只能填您管理的单位")]
