"""Who is told what of an event: by table, and for any line."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.inbox import rules, texts
from notify.inbox.lines import Line
from notify.inbox.rules import Entry
from services.notify.tests.samples import TITLE, case, line, replication, report

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
PROVINCE, HEFEI, SWT, HFHG, HFS = "role:province", "zone:hefei", "unit:swt", "unit:hfhg", "unit:hfs"
REVIEW = {"opinion": "object", "remark": "数据不一致", "unit": "swt", "unit_name": "省商务厅"}


def told(what: str, **data: object) -> dict[str, Entry]:
    made = rules.entries(f"zoneportal.progress.{what}.v1", "e1", NOON, data)
    assert len({entry.audience for entry in made}) == len(made)
    return {entry.audience: entry for entry in made}


@pytest.mark.parametrize(
    ("what", "jurisdiction", "office", "audiences"),
    [
        ("line.opened", "hefei", None, {PROVINCE, HEFEI, SWT, HFHG, HFS}),
        ("line.opened", "province", None, {PROVINCE, SWT, HFHG}),
        ("line.withdrawn", "hefei", None, {PROVINCE, HEFEI, SWT, HFHG, HFS}),
        ("line.suspended", "hefei", None, {HEFEI, SWT, HFHG, HFS}),
        ("line.resumed", "province", None, {SWT, HFHG}),
        ("line.updated", "hefei", None, set()),
        ("line.progressed", "hefei", None, set()),
        ("report.submitted", "hefei", "zone:hefei", {PROVINCE, SWT, HFHG, HFS}),
        ("report.submitted", "province", "unit:swt", {PROVINCE, HFHG}),
        ("report.returned", "hefei", "zone:hefei", {HEFEI, SWT, HFHG, HFS}),
        ("report.returned", "province", "unit:swt", {SWT, HFHG}),
        ("report.confirmed", "hefei", "zone:hefei", {HEFEI, SWT, HFHG, HFS}),
        ("report.reviewed", "hefei", "zone:hefei", {PROVINCE, HEFEI, HFHG, HFS}),
        ("report.invented", "hefei", "zone:hefei", set()),
    ],
)
def test_those_concerned_are_told_and_the_actor_is_not(
    what: str, jurisdiction: str, office: str | None, audiences: set[str]
) -> None:
    assert set(told(what, line=line(jurisdiction), report=report(office=office, review=REVIEW), edition=1)) == audiences


@pytest.mark.parametrize(
    ("what", "audience", "changes", "body"),
    [
        ("report.submitted", PROVINCE, {}, f"合肥片区提交了“{TITLE}”的进展填报，完成比例 40%，请审核。"),
        ("report.submitted", SWT, {}, f"合肥片区提交了“{TITLE}”的进展填报，完成比例 40%，请研提意见。"),
        ("report.submitted", HFHG, {}, f"合肥片区提交了“{TITLE}”的进展填报，完成比例 40%，请知悉。"),
        ("report.submitted", PROVINCE, {"finished": True}, f"合肥片区申报“{TITLE}”已完成，请审核。"),
        (
            "report.returned",
            HEFEI,
            {"reason": "佐证材料不足。"},
            f"省自贸办退回了“{TITLE}”的进展填报，退回原因：佐证材料不足。请修改完善后重新提交。",
        ),
        (
            "report.returned",
            SWT,
            {"reason": "佐证材料不足"},
            f"省自贸办退回了合肥片区“{TITLE}”的进展填报，退回原因：佐证材料不足。",
        ),
        ("report.confirmed", HEFEI, {}, f"省自贸办已确认“{TITLE}”的进展填报，完成比例 40%。"),
        ("report.confirmed", HEFEI, {"finished": True, "remark": "好"}, f"省自贸办已确认“{TITLE}”完成，意见：好。"),
        (
            "report.reviewed",
            PROVINCE,
            {"review": REVIEW},
            f"省商务厅对合肥片区“{TITLE}”的进展填报研提意见：有不同意见，说明：数据不一致。请结合意见审核。",
        ),
        ("line.suspended", HEFEI, {}, f"省自贸办已暂停合肥片区推进事项“{TITLE}”。"),
        (
            "line.opened",
            HEFEI,
            {},
            "任务目录第 3 版发布后，合肥片区新增推进事项 {count} 项，请及时部署推进并按期填报。",
        ),
    ],
)
def test_the_words(what: str, audience: str, changes: dict[str, object], body: str) -> None:
    assert told(what, line=line(), report=report(**changes), edition=3)[audience].texts.body == body


def test_openings_of_one_edition_share_a_key_per_audience() -> None:
    first, second = told("line.opened", line=line(), edition=1), told("line.opened", line=line(), edition=1)
    assert {entry.key for entry in first.values()} == {entry.key for entry in second.values()}
    assert told("line.opened", line=line(), edition=2)[HEFEI].key != first[HEFEI].key
    elsewhere = told("line.opened", line=line("wuhu"), edition=1)
    for audience in (PROVINCE, SWT):
        assert elsewhere[audience] == first[audience]
        assert "合肥" not in first[audience].texts.body
    assert [first[name].href for name in (PROVINCE, HEFEI, SWT)] == [
        "/lines",
        "/lines?jurisdiction=hefei",
        "/lines?unit=swt",
    ]


def test_a_zone_that_nobody_has_named_goes_by_its_code() -> None:
    entry = told("report.submitted", line=line("anqing-2", None), report=report(office="zone:anqing-2"))[PROVINCE]
    assert entry.texts.body.startswith("anqing-2提交了")
    assert entry.tenant == "anqing-2"


def test_a_line_without_units_still_has_its_zone_and_the_province() -> None:
    assert set(told("line.opened", line=line(units=[]), edition=1)) == {PROVINCE, HEFEI}
    assert set(told("report.reviewed", line=line(units=[]), report=report(review=None))) == {PROVINCE, HEFEI}


def test_quotation_marks_inside_a_title_become_single_ones() -> None:
    assert texts.quoted("推进“一网通办”") == "“推进‘一网通办’”"


def test_a_long_reason_is_shortened() -> None:
    entry = told("report.returned", line=line(), report=report(reason="长" * 5000))[HEFEI]
    assert len(entry.texts.body) < 400


TITLE_OF_CASE = "“‘一业一证’改革”"
ASKED = [{"code": "wuhu", "name": "芜湖片区"}, {"code": "huangshan", "name": "黄山联动创新区"}]


@pytest.mark.parametrize(
    ("what", "more", "audiences"),
    [
        ("submitted", {}, {PROVINCE}),
        ("invited", {"units": [{"code": "swt"}, {"code": "hfhg"}], "due": None}, {SWT, HFHG}),
        ("scored", {"evaluator": "unit:swt"}, set()),
        ("concluded", {}, set()),
        ("approved", {}, {HEFEI}),
        ("returned", {"reason": "补充数据"}, {HEFEI}),
        ("rejected", {"reason": "已有先例"}, {HEFEI}),
        ("published", {"zones": ASKED}, {HEFEI, "zone:wuhu", "zone:huangshan"}),
        ("published", {"zones": []}, {HEFEI}),
    ],
)
def test_of_a_case_those_are_told_who_must_act_or_wait(what: str, more: dict[str, object], audiences: set[str]) -> None:
    given_ = case(level="provincial")
    made = told(f"case.{what}", case=given_, **more)
    assert set(made) == audiences
    assert all(entry.href == f"/cases/{given_['id']}" and entry.tenant == "hefei" for entry in made.values())


@pytest.mark.parametrize(
    ("state", "reason", "body"),
    [
        ("planned", "", f"芜湖片区将采用合肥片区的创新案例{TITLE_OF_CASE}。"),
        ("adopted", "", f"芜湖片区已落地合肥片区的创新案例{TITLE_OF_CASE}。"),
        ("declined", "没有综合窗口。", f"芜湖片区不采用合肥片区的创新案例{TITLE_OF_CASE}，原因：没有综合窗口。"),
    ],
)
def test_the_province_and_the_origin_follow_a_replication(state: str, reason: str, body: str) -> None:
    made = told(f"replication.{state}", replication=replication(state, reason=reason))
    assert {audience: entry.texts.body for audience, entry in made.items()} == {PROVINCE: body, HEFEI: body}


def test_the_province_learns_of_what_a_zone_is_late_with() -> None:
    made = told("replication.reminded", replication=replication("planned", due="2026-11-24"))
    said = f"芜湖片区计划于 2026-11-24 前落地合肥片区的创新案例{TITLE_OF_CASE}，现已逾期，"
    assert {audience: entry.texts.body.startswith(said) for audience, entry in made.items()} == {
        PROVINCE: True,
        "zone:wuhu": True,
    }


@pytest.mark.parametrize(
    ("what", "state", "audience", "body"),
    [
        ("returned", "draft", PROVINCE, f"合肥片区撤回了创新案例{TITLE_OF_CASE}的申报，原因：重复。"),
        ("rejected", "retracted", HEFEI, f"省自贸办已将创新案例{TITLE_OF_CASE}从公开名单中撤下，原因：重复。"),
    ],
)
def test_what_was_withdrawn_or_retracted_is_told_as_such(what: str, state: str, audience: str, body: str) -> None:
    made = told(f"case.{what}", case=case(state=state), reason="重复。")
    assert {to: entry.texts.body for to, entry in made.items()} == {audience: body}


def test_who_was_to_score_a_case_that_is_withdrawn_learns_that_there_is_nothing_to_score() -> None:
    made = told("case.returned", case=case(state="draft"), reason="补充数据。", units=[{"code": "swt", "name": "…"}])
    assert set(made) == {PROVINCE, SWT}
    said = f"合肥片区撤回了创新案例{TITLE_OF_CASE}的申报，评审随之终止，贵单位无须再评分，原因：补充数据。"
    assert (made[SWT].texts.body, made[SWT].href) == (said, "/cases")


@pytest.mark.parametrize(
    ("replication", "then", "reads"),
    [
        ("unanswered", "贵片区无须再答复是否采用", False),
        ("planned", "贵片区不再复制推广", True),
        ("under_way", "贵片区不再复制推广", True),
        ("adopted", "贵片区已落地的做法请结合撤下原因研究是否调整", True),
    ],
)
def test_zones_learn_of_a_case_that_is_taken_down(replication: str, then: str, reads: bool) -> None:
    given_ = case(state="retracted", level="provincial")
    zones = [{"code": "wuhu", "name": "芜湖片区", "replication": replication}]
    made = told("case.rejected", case=given_, reason="政策已调整。", zones=zones)
    assert set(made) == {HEFEI, "zone:wuhu"}
    said = f"省自贸办已将合肥片区的创新案例{TITLE_OF_CASE}从公开名单中撤下，{then}，原因：政策已调整。"
    assert made["zone:wuhu"].texts.body == said
    assert made["zone:wuhu"].href == (f"/cases/{given_['id']}" if reads else "/cases")


def test_a_case_concerns_its_zone_and_those_who_score_it() -> None:
    invited = {"case": case(), "units": [{"code": "swt", "name": "省商务厅"}]}
    assert rules.concerned(invited) == ("hefei", (PROVINCE, HEFEI, SWT))
    assert rules.concerned({"replication": replication("planned")}) == ("wuhu", (PROVINCE, "zone:wuhu"))


UNITS = st.lists(
    st.fixed_dictionaries(
        {"code": st.sampled_from("abcdef"), "name": st.text(max_size=5), "role": st.sampled_from(["lead", "member"])}
    ),
    max_size=8,
)


@given(
    what=st.sampled_from(
        ["line.opened", "line.suspended", "report.submitted", "report.returned", "report.confirmed", "report.reviewed"]
    ),
    jurisdiction=st.sampled_from(["hefei", "wuhu", "province"]),
    units=UNITS,
    title=st.text(max_size=30),
    reason=st.one_of(st.none(), st.text(max_size=20)),
)
def test_nobody_outside_the_line_is_told_and_no_audience_twice(
    what: str, jurisdiction: str, units: list[dict[str, str]], title: str, reason: str | None
) -> None:
    data = line(jurisdiction, units=units, task={"title": title})
    made = told(what, line=data, report=report(reason=reason, office=None), edition=1)
    assert set(made) <= set(Line.of(data).audiences)
    assert all(entry.tenant in (jurisdiction, "province") and entry.texts.body for entry in made.values())
    zones = {audience for audience in made if audience.startswith("zone:")}
    assert zones <= {f"zone:{jurisdiction}"} - {"zone:province"}


EXTENSION = {
    "id": "e",
    "office": HEFEI,
    "before": "2026-12-31",
    "deadline": "2027-06-30",
    "cause": "审批延后。",
    "remark": "请加快",
}
MILESTONE = {"id": "m", "title": "制定方案", "due": "2026-11-23"}


@pytest.mark.parametrize(
    ("what", "jurisdiction", "audiences"),
    [
        ("extension.asked", "hefei", {PROVINCE}),
        ("extension.approved", "hefei", {HEFEI}),
        ("extension.refused", "hefei", {HEFEI}),
        ("extension.moved", "hefei", {HEFEI}),
        ("extension.moved", "province", {SWT}),
        ("milestone.overdue", "hefei", set()),
        ("milestone.placed", "hefei", set()),
        ("milestone.completed", "hefei", set()),
        ("line.stalled", "hefei", {PROVINCE, HEFEI}),
        ("line.stalled", "province", {PROVINCE, SWT}),
    ],
)
def test_those_who_must_act_on_a_schedule_are_told(what: str, jurisdiction: str, audiences: set[str]) -> None:
    of = line(jurisdiction, moved_on="2026-09-01")
    assert set(told(what, line=of, extension=EXTENSION, milestone=MILESTONE)) == audiences


@pytest.mark.parametrize(
    ("what", "audience", "body"),
    [
        (
            "extension.asked",
            PROVINCE,
            f"合肥片区申请将“{TITLE}”的完成时限由2026年12月31日延至2027年6月30日，原因：审批延后。请审批。",
        ),
        (
            "extension.approved",
            HEFEI,
            f"省自贸办已同意将“{TITLE}”的完成时限延至2027年6月30日，意见：请加快。未完成的节点已按新的时限重新安排，请核对。",
        ),
        (
            "extension.refused",
            HEFEI,
            f"省自贸办未同意将“{TITLE}”的完成时限延至2027年6月30日，意见：请加快。请按原时限推进。",
        ),
        (
            "extension.moved",
            HEFEI,
            f"省自贸办将“{TITLE}”的完成时限由2026年12月31日调整为2027年6月30日，原因：审批延后。"
            "未完成的节点已重新安排，请核对。",
        ),
        (
            "line.stalled",
            HEFEI,
            f"合肥片区推进事项“{TITLE}”自2026年9月1日以来没有填报、节点等进展，请核实情况并及时填报。",
        ),
    ],
)
def test_what_is_told_of_schedules(what: str, audience: str, body: str) -> None:
    of = line(moved_on="2026-09-01")
    entry = told(what, line=of, extension=EXTENSION, milestone=MILESTONE)[audience]
    assert (entry.texts.body, entry.href) == (body, f"/lines/{of['id']}")


def test_readers_of_a_bulletin_are_told_of_it_and_of_what_it_corrects() -> None:
    bulletin = {"id": "b1", "title": "十月通报", "year": 2026, "number": 3, "corrects_name": None}
    made = told("bulletin.published", bulletin=bulletin, audiences=[HEFEI, SWT])
    assert set(made) == {HEFEI, SWT}
    assert made[HEFEI].href == "/bulletins/b1"
    assert made[SWT].texts.body == "省自贸办发布了〔2026〕3号通报“十月通报”，请查阅。"
    corrected = told(
        "bulletin.published", bulletin=bulletin | {"corrects_name": "〔2026〕2号《九月通报》"}, audiences=[SWT]
    )
    assert "，更正〔2026〕2号《九月通报》，请查阅。" in corrected[SWT].texts.body
    assert told("bulletin.drafted", bulletin=bulletin, audiences=[]) == {}
