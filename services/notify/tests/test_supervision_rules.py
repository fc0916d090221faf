"""Who is told what of orders and problems."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notify.inbox import rules
from notify.inbox.rules import Entry

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
PROVINCE, HEFEI, SWT, FGW = "role:province", "zone:hefei", "unit:swt", "unit:fgw"
NAMES = {HEFEI: "合肥片区", SWT: "省商务厅", FGW: "省发展改革委", PROVINCE: "省自贸办", "clock": "clock"}
TITLE = "推进“口岸”开放"


def party(office: str) -> dict[str, str]:
    return {"office": office, "name": NAMES[office]}


def told(what: str, by: str, text: str = "", level: int | None = None, **over: Any) -> dict[str, Entry]:
    step = {"office": by, "office_name": NAMES[by], "text": text, "level": level}
    order = {"number": "〔2026〕3号", "lead": party(HEFEI), "members": [party(SWT)]}
    problem = {"line_id": None, "raiser": party(HEFEI), "addressee": party(FGW)}
    thing = what.partition(".")[0]
    about = {"id": "1", "jurisdiction": "hefei", "title": TITLE} | (order if thing == "order" else problem) | over
    made = rules.entries(f"zoneportal.progress.{what}.v1", "e1", NOON, {thing: about, "step": step})
    assert len({entry.audience for entry in made}) == len(made)
    assert {entry.href for entry in made} <= {f"/{thing}s/1"}
    return {entry.audience: entry for entry in made}


@pytest.mark.parametrize(
    ("what", "by", "level", "audiences"),
    [
        ("order.issued", PROVINCE, None, {HEFEI, SWT}),
        ("order.signed", HEFEI, None, {PROVINCE}),
        ("order.replied", HEFEI, None, {PROVINCE}),
        ("order.replied", SWT, None, {PROVINCE, HEFEI}),
        ("order.urged", PROVINCE, 1, {HEFEI}),
        ("order.urged", "clock", 1, {HEFEI}),
        ("order.urged", "clock", 2, {HEFEI, SWT, PROVINCE}),
        ("order.extension_asked", HEFEI, None, {PROVINCE}),
        ("order.returned", PROVINCE, None, {HEFEI, SWT}),
        ("order.closed", PROVINCE, None, {HEFEI, SWT}),
        ("order.invented", PROVINCE, None, set()),
        ("problem.raised", HEFEI, None, {FGW, PROVINCE}),
        ("problem.answered", FGW, None, {HEFEI, PROVINCE}),
        ("problem.escalated", PROVINCE, None, {HEFEI, FGW}),
        ("problem.due_soon", "clock", None, {FGW}),
        ("problem.overdue", "clock", None, {FGW, HEFEI}),
        ("problem.long_overdue", "clock", None, {FGW, HEFEI, PROVINCE}),
    ],
)
def test_those_concerned_are_told_and_the_actor_is_not(
    what: str, by: str, level: int | None, audiences: set[str]
) -> None:
    assert set(told(what, by, level=level)) == audiences


def test_the_zone_of_its_line_is_told_of_a_problem_that_a_unit_raised() -> None:
    asked: dict[str, Any] = {"raiser": party(SWT), "addressee": party(FGW)}
    assert set(told("problem.raised", SWT, line_id="1", **asked)) == {FGW, PROVINCE, HEFEI}
    assert set(told("problem.raised", SWT, line_id="1", jurisdiction="province", **asked)) == {FGW, PROVINCE}


@pytest.mark.parametrize(
    ("what", "by", "text", "audience", "body"),
    [
        ("order.issued", PROVINCE, "", HEFEI, "省自贸办交办督办单“推进‘口岸’开放”〔2026〕3号。请及时签收并按时办理。"),
        ("order.issued", PROVINCE, "", SWT, "省自贸办交办督办单“推进‘口岸’开放”〔2026〕3号。请知悉。"),
        (
            "order.applied",
            HEFEI,
            "已办妥。",
            PROVINCE,
            "合肥片区申请督办单“推进‘口岸’开放”〔2026〕3号办结，说明：已办妥。请审核。",
        ),
        ("problem.raised", HEFEI, "", FGW, "合肥片区提出需协调问题“推进‘口岸’开放”。请按时答复。"),
        ("problem.raised", HEFEI, "", PROVINCE, "合肥片区提出需协调问题“推进‘口岸’开放”。请知悉。"),
        ("problem.due_soon", "clock", "", FGW, "系统自动提醒协调问题“推进‘口岸’开放”临近答复时限。请按时答复。"),
        ("problem.overdue", "clock", "", HEFEI, "系统自动提醒协调问题“推进‘口岸’开放”已逾期未答复。请知悉。"),
        (
            "problem.long_overdue",
            "clock",
            "",
            PROVINCE,
            "系统自动提示协调问题“推进‘口岸’开放”久拖未复。请研究提请领导小组协调。",
        ),
    ],
)
def test_the_words(what: str, by: str, text: str, audience: str, body: str) -> None:
    assert told(what, by, text)[audience].texts.body == body


def test_the_clock_says_its_level() -> None:
    assert told("order.urged", "clock", level=2)[HEFEI].texts.title == f"系统自动催办督办单（2 级）：{TITLE}"


def test_a_zone_that_is_asked_from_elsewhere_is_not_told_from_where() -> None:
    made = told(
        "problem.raised", SWT, line_id="1", raiser=party(SWT), addressee={"office": "zone:wuhu", "name": "芜湖"}
    )
    assert {audience: entry.tenant for audience, entry in made.items()} == {
        "zone:wuhu": "wuhu",
        HEFEI: "hefei",
        PROVINCE: "hefei",
    }
