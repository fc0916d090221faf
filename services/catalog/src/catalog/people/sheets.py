"""The Excel template by which several people are invited: what stands in each row, and what is wrong with it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from catalog.people import rules
from catalog.people.schemas import PersonIn
from catalog.people.words import ADMINISTRATOR, HATS, HINTS, MOST, NAMES, NOTES, PAGE
from chassis.auth import Role
from chassis.problems import DomainError, Problem
from chassis.spreadsheets import Column, Row, Sheet, read, write

NAME, USERNAME, EMAIL, OFFICE, ROLE = "姓名", "用户名", "邮箱", "单位", "角色"
FIELDS = {"name": NAME, "username": USERNAME, "email": EMAIL, "office": OFFICE, "roles": ROLE}
REASONS = {
    "name": "应为 1–50 字，不含特殊符号",
    "username": "应为 3–40 个小写字母或数字，以字母开头",
    "email": "不是有效的邮箱",
}


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell."""

    ref: str
    row: int
    column: str
    why: str


class WrongRows(Problem):
    """422 that names every wrong cell, with its column and the reason."""

    def __init__(self, found: Iterable[Wrong]) -> None:
        errors = [(f"/body/file/{each.ref}", f"第 {each.row} 行“{each.column}”：{each.why}") for each in found]
        super().__init__(422, "sheet", "表格中有错误，未创建任何用户。", errors=errors)


def template(offices: Mapping[str, str]) -> bytes:
    """The file that is filled in; ``offices`` by name."""
    roles = (ADMINISTRATOR, *(HATS if rules.SYSTEM in offices.values() else ()))
    columns = (Column(NAME, 16), Column(USERNAME, 22), Column(EMAIL, 32), Column(OFFICE, 24), Column(ROLE, 16, roles))
    names = [[name] for name in offices]
    hints = Sheet(NOTES, [Column(NOTES, 90)], [[hint] for hint in HINTS])
    return write(Sheet(PAGE, columns, []), hints, Sheet(NAMES, [Column(NAMES, 40)], names))


def people(content: bytes, offices: Mapping[str, str]) -> list[tuple[Row, PersonIn]]:
    """Who is to be invited, with the row. Raises WrongRows; ``offices`` are those of the caller, by name."""
    rows = read(content, tuple(FIELDS.values()), sheet=PAGE, most_rows=MOST)
    found: list[tuple[Row, PersonIn]] = []
    wrong: list[Wrong] = []
    for row in rows:
        person = _person(row, offices, wrong)
        if person is not None:
            found.append((row, person))
    wrong += _repeated(found)
    if wrong or not found:
        raise WrongRows(wrong or [Wrong("A2", 2, NAME, "表中没有用户")])
    return found


def at(row: Row, field: str, why: str) -> Wrong:
    """What is wrong with a field of a row."""
    column = FIELDS[field]
    return Wrong(row[column].ref, row.number, column, why)


def _person(row: Row, offices: Mapping[str, str], wrong: list[Wrong]) -> PersonIn | None:
    """None for a row of which something was said."""
    said = [at(row, field, row[column].problem or "") for field, column in FIELDS.items() if row[column].problem]
    office = _office(row[OFFICE].text, offices)
    if office is None and not row[OFFICE].problem:
        said.append(at(row, "office", "没有这个单位；只能填您管理的单位"))
    given = {field: row[FIELDS[field]].text for field in REASONS}
    try:
        roles = _roles(row[ROLE].text, office)
        person = PersonIn.model_validate(given | {"office": office or rules.PROVINCE, "roles": roles})
    except DomainError:
        said.append(at(row, "roles", "该单位没有这个角色"))
        person = None
    except ValidationError as error:
        fields = {str(each["loc"][0]) for each in error.errors()}
        said += [at(row, field, REASONS[field]) for field in REASONS if field in fields]
        person = None
    wrong += said
    return None if said else person


def _office(said: str, offices: Mapping[str, str]) -> str | None:
    return next(iter(offices.values())) if not said and len(offices) == 1 else offices.get(said)


def _roles(said: str, office: str | None) -> list[Role]:
    """Raises NotGrantable."""
    if office is None:
        return [Role.PROVINCE]
    if office == rules.SYSTEM:
        roles = [HATS[said]] if said in HATS else []
    else:
        own = rules.grantable(office)
        roles = {"": [own[0]], ADMINISTRATOR: list(own)}.get(said, [])
    rules.check_roles(office, roles)
    return roles


def _repeated(found: list[tuple[Row, PersonIn]]) -> list[Wrong]:
    wrong: list[Wrong] = []
    seen: dict[tuple[str, str], int] = {}
    for row, person in found:
        for field, value in (("username", person.username), ("email", person.email.lower())):
            if (field, value) in seen:
                wrong.append(at(row, field, f"与第 {seen[field, value]} 行重复"))
            seen.setdefault((field, value), row.number)
    return wrong
