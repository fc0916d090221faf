"""The forms and faults of notices, one by one."""

from datetime import date

import pytest

from catalog.notice import Notice, NoticeError, parse, unit_kind
from catalog.notice.dates import Due, due
from catalog.notice.nearly import Nearly
from catalog.notice.repair import repair
from services.catalog.tests.notices import KNOWN, read

HEAD = "一、口岸开放专项行动计划\n"
A, B = "1．推进甲。（责任单位：省商务厅、合肥市）\n", "2．推进乙。（责任单位：省科技厅）\n"
OTHER = """关于印发《中国（安徽）自由贸易试验区阜阳片区专项推进行动计划方案》的通知
一、总体要求
（一）区位布局。涵盖两个片区：阜阳片区20平方公里（含阜阳综合保税区0.8平方公里），马鞍山片区 10．5平方公里。
阜阳片区着眼带动皖北，重点发展生物医药、绿色食品等产业，打造开放高地。
二、主要任务
（一）全面启动 2个专项推进行动计划。1.口岸开放专项：围绕开放，重点推进 A 等 2项重点任务。2.贸易专项。等1项工作任务。
（二）推进片区建设实施方案。1、阜阳片区建设实施方案。主要任务包括：甲、乙等五个方面十二项重点工作。
三、保障措施
1．加强领导。要做好。
附件1
⼀、口岸开放专项推进行动计划1 ．推进“A”（二期）
工作。做好B（套）。(责任单位：阜阳市、马鞍山市，省商务厅等；完成时限:2022年6月底前)2．推进 2.17平方公里
园区。（牵头单位：省商务厅、
省司法厅;配合单位:阜阳市）⼆、贸易专项推进行动计划
3、立法。（1）甲（牵头单位：省高院）；（2）乙（责任单位：省司法厅、阜阳市）；（3）丙。（责任单位：省商务厅）
"""


def codes(notice: Notice) -> list[str]:
    return [warning.code for warning in notice.warnings]


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("⼈⼝⼜岸⺠⻓⻛⻋⻅⻔⻢⻬", "人口口岸民长风车见门马齐"),
        ("7×24 小时，〔 2020〕10号", "7×24小时，〔2020〕10号"),
        ("对接 RCEP 与 Hello World", "对接RCEP与Hello World"),
        ("ISO 9001 与 20\n22 年", "ISO 9001与2022年"),
        ("QF\nLP 与 Hello\nWorld", "QFLP与Hello World"),
        ("增\u200b长\r\n\r\n稳\f\t定\u3000。", "增长稳定。"),
        ("前文\n- 3 -\n后文\n第 4 页 共 9 页\n完", "前文后文完"),
        ("世界\n500\n强企业", "世界500强企业"),
        ("“ 单一 窗口 ”，全角：（）", "“单一窗口”，全角：（）"),
    ],
)
def test_damage_is_repaired(damaged: str, meant: str) -> None:
    assert repair(damaged).text == meant


@pytest.mark.parametrize(
    ("bracket", "units"),
    [
        ("（责任单位：省商务厅、省司法厅等，合肥市）", "省商务厅* 省司法厅 合肥市"),
        ("(责任单位:省商务厅，合肥市；芜湖市）", "省商务厅* 合肥市 芜湖市"),
        ("（牵头单位：省商务厅、省外办；配合单位：合肥市）", "省商务厅* 省外办* 合肥市"),
        ("（牵头单位:省商务厅，责任单位：省外办、省商务厅）", "省商务厅* 省外办"),
        ("（牵头：省商务厅 配合：省外办）", "省商务厅* 省外办"),
        (
            "（责任单位：省市场监管局〔省知识产权局、省药监局〕、合肥市）",
            "省市场监管局〔省知识产权局、省药监局〕* 合肥市",
        ),
        ("（责任单位：省市场监管局（省知识产权局）、合肥市）", "省市场监管局（省知识产权局）* 合肥市"),
        ("（责任单位：省“四送一服、双千”办和成员单位、合肥市）", "省“四送一服、双千”办和成员单位* 合肥市"),
        ("（责任单位：省商务厅等有关单位，合肥市。）", "省商务厅* 合肥市"),
        ("（责任单位：省外办、省商务厅（牵头））", "省商务厅* 省外办"),
        ("（牵头单位：省商务厅）（配合单位：合肥市）", "省商务厅* 合肥市"),
        ("（责任单位：省商务厅、省外办牵头，合肥市、芜湖市等配合）", "省商务厅* 省外办* 合肥市 芜湖市"),
        ("（责任单位：合肥海关，合肥市、省商务厅配合）", "合肥海关* 合肥市 省商务厅"),
        ("（责任单位：省商务厅，2022年6月底前完成）", "省商务厅*"),
        ("【责任单位：省商务厅】。", "省商务厅*"),
    ],
)
def test_units_and_their_roles(bracket: str, units: str) -> None:
    task = read(f"{HEAD}1．推进甲（套）。做好乙{bracket}").tasks[0]
    assert " ".join(part.unit + "*" * (part.role == "lead") for part in task.responsibilities) == units
    assert task.title == "推进甲（套）"
    assert task.items[0].text.rstrip("。") == "推进甲（套）。做好乙"


@pytest.mark.parametrize(
    ("written", "day", "certain"),
    [
        ("2022年6月底前", date(2022, 6, 30), True),
        ("２０２２年６月底前完成", date(2022, 6, 30), True),
        ("二〇二二年十二月三十一日", date(2022, 12, 31), True),
        ("2022年6月30日前", date(2022, 6, 30), True),
        ("2022年底", date(2022, 12, 31), True),
        ("2022年2月底", date(2022, 2, 28), True),
        ("2022年上半年", date(2022, 6, 30), True),
        ("2022年第三季度", date(2022, 9, 30), True),
        ("2022年10月中旬", date(2022, 10, 20), True),
        ("2021年3月至2022年6月底", date(2022, 6, 30), True),
        ("2021—2023年", date(2023, 12, 31), True),
        ("2022-06-30", date(2022, 6, 30), True),
        ("长期坚持", None, True),
        ("2022年6月前", date(2022, 5, 31), False),
        ("6月底前", None, False),
        ("2022年6月31日", None, False),
        ("2022年13月", None, False),
        ("尽快", None, False),
    ],
)
def test_deadlines(written: str, day: date | None, certain: bool) -> None:
    assert due(written) == Due(day, certain)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (HEAD + "1.甲（责任单位：省商务厅）2、乙（责任单位：省商务厅）３．丙（责任单位：省商务厅）", [1, 2, 3]),
        (HEAD + "1 ．\n甲，占2.17平方公里。建设3．5G网络和\n2.5倍产能（责任单位：省商务厅）", [1]),
        (HEAD + "1．甲。做好乙。2．没有单位。\n3．5G网络（责任单位：省商务厅）", [1, 2, 3]),
        (HEAD + "1．推进一、二、三产业融合，统\n一、标准化（责任单位：省商务厅）", [1]),
    ],
)
def test_numbers_of_tasks_are_told_from_numbers_in_sentences(text: str, numbers: list[int]) -> None:
    assert [task.number for task in read(text).tasks] == numbers


def test_a_heading_may_start_in_a_line_and_be_cut_by_the_next() -> None:
    notice = read(
        "前言。一、营商环境专项\n推进行动计划1．甲。（责任单位：省商务厅）（二）口岸专项行动计划。2．乙。（责任单位：省商务厅）"
    )
    assert [(plan.number, plan.name) for plan in notice.plans] == [
        (1, "营商环境专项推进行动计划"),
        (2, "口岸专项行动计划"),
    ]
    assert [task.plan for task in notice.tasks] == [1, 2]


def test_a_zones_own_plan_numbers_its_tasks_anew() -> None:
    chapters = "一、转变政府职能\n1．丙。（责任单位：合肥市）\n二、推进创新\n2．丁。（责任单位：合肥市）\n"
    side = "三、保障措施\n（一）加强领导。\n1．建立机制。"
    notice = read(f"{HEAD}{A}{B}附件2\n合肥片区建设实施方案\n{chapters}{side}")
    assert [(plan.number, plan.name, plan.kind, plan.zone) for plan in notice.plans] == [
        (1, "口岸开放专项行动计划", "special", None),
        (2, "合肥片区建设实施方案", "zone", "hefei"),
    ]
    assert [(task.plan, task.number) for task in notice.tasks] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert codes(notice) == []


def test_a_zone_may_call_its_own_plan_by_a_longer_name() -> None:
    title = "中国（安徽）自由贸易试验区合肥片区专项推进行动计划实施方案"
    notice = read(f"{title}\n二、重点任务\n（一）转变政府职能\n1．丙。（责任单位：合肥市）\n")
    assert [(plan.name, plan.kind, plan.zone) for plan in notice.plans] == [(title, "zone", "hefei")]


def test_a_further_plan_goes_by_its_title() -> None:
    notice = read(f"安徽省数字贸易行动方案\n一、优化环境\n{A}二、加强保障\n{B}")
    assert [(plan.number, plan.name, plan.kind) for plan in notice.plans] == [
        (1, "安徽省数字贸易行动方案", "additional")
    ]
    assert [task.plan for task in notice.tasks] == [1, 1]


def test_chapters_are_taken_for_plans_where_there_are_none() -> None:
    notice = read(
        "一、优化环境\n（一）提升水平\n" + A + "（二）降低成本\n" + B + "二、扩大开放\n3．丙。（责任单位：省商务厅）"
    )
    assert [(plan.number, plan.name) for plan in notice.plans] == [(1, "优化环境"), (2, "扩大开放")]
    assert codes(notice) == ["plan-guessed", "plan-guessed"]


def test_another_zones_notice_is_read_whole() -> None:
    notice = read(OTHER)
    assert [(plan.number, plan.name, plan.kind, plan.aspects, plan.announced_tasks) for plan in notice.plans] == [
        (1, "口岸开放专项推进行动计划", "special", None, None),
        (2, "贸易专项推进行动计划", "special", None, None),
        (3, "阜阳片区建设实施方案", "zone", 5, 12),
    ]
    assert [(zone.code, zone.area_km2, zone.bonded_area_km2, zone.industries) for zone in notice.zones] == [
        ("fuyang", 20.0, 0.8, ("生物医药", "绿色食品")),
        ("maanshan", 10.5, None, ()),
    ]
    assert [(task.number, task.plan, task.title, task.zones, task.due) for task in notice.tasks] == [
        (1, 1, "推进“A”（二期）工作", ("fuyang", "maanshan"), "2022-06-30"),
        (2, 1, "推进2.17平方公里园区", ("fuyang",), None),
        (3, 2, "立法", ("fuyang",), None),
    ]
    assert [item.text for item in notice.tasks[2].items] == ["甲；", "乙；", "丙。"]
    assert codes(notice) == []


def test_sub_items_without_units_of_their_own_are_one_item() -> None:
    (task,) = read(f"{HEAD}1．立法。（1）甲。（2）乙。（责任单位：省司法厅）").tasks
    assert [item.text for item in task.items] == ["立法。（1）甲。（2）乙。"]


def test_sub_items_with_units_are_items_and_the_lead_is_not_lost() -> None:
    first = "（1）甲。（责任单位：省司法厅、合肥市；完成时限：2022年底）\n"
    second = "(2)乙。(牵头单位:省高院;配合单位:省司法厅)"
    (task,) = read(f"{HEAD}1．立法。总的要求。\n{first}{second}").tasks
    assert task.title == "立法"
    assert [item.text for item in task.items] == ["总的要求。甲。", "乙。"]
    assert [(part.unit, part.role) for part in task.responsibilities] == [
        ("省司法厅", "lead"),
        ("合肥市", "member"),
        ("省高院", "member"),
    ]
    assert [item.zones for item in task.items] == [("hefei",), ()]
    assert task.due == "2022-12-31"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (HEAD + "1．甲。做好乙。\n" + B, "no-units", "1．"),
        (HEAD + A + "4．丁。（责任单位：省商务厅）", "number-missing", "4．"),
        (HEAD + A + A, "number-twice", "1．"),
        (HEAD + A + "3．丙。（责任单位：省商务厅）\n" + B, "number-out-of-order", "2．"),
        (HEAD + "1．甲。（责任单位：省商努厅）", "unit-nearly-known", "省商努厅"),
        (HEAD.replace("\n", "（3项）\n") + A + B, "count-differs", "一、口岸开放专项行动计划（3项）"),
        ("（一）任务。\n1．口岸开放专项。等3项工作任务。\n" + HEAD + A + B, "count-differs", "3项工作任务。"),
        ("（一）任务。\n1．外贸专项。等1项工作任务。\n" + HEAD + A + B, "plan-missing", "1项工作任务。"),
        (HEAD + A + "二、外贸专项行动计划\n", "plan-without-tasks", "二、外贸专项行动计划"),
        (HEAD + A + HEAD + B, "plan-number-twice", HEAD.strip()),
        (A, "plan-guessed", "1．"),
        (HEAD + "1．（责任单位：省商务厅）", "title-missing", "1．"),
        (HEAD + "1．甲。（配合单位：省商务厅）", "lead-guessed", "省商务厅"),
        (HEAD + "1．甲。（1）乙。（责任单位：省商务厅）（2）丙。", "sub-item-without-units", "（2）丙。"),
        (HEAD + "1．甲。（责任单位：省商务厅）乙。（责任单位：省外办）", "units-in-several-places", "1．"),
        ("（责任单位：省商务厅）\n" + HEAD + A, "units-without-task", "（责任单位：省商务厅）"),
        (HEAD + "1．甲。（责任单位：省商务厅）另行通知。", "text-after-units", "另行通知。"),
        ("一、现状\n1．增长。\n" + HEAD + A, "entries-ignored", "1．增长。"),
        (HEAD + "1．甲。（责任单位：省商务厅\n" + B, "bracket-unclosed", "（责任单位：省商务厅"),
        (HEAD + "1．甲。（责任单位：省商务厅；完成时限：尽快）", "due-unclear", "尽快"),
        (HEAD + A + "前文\n17\n后文", "page-number-removed", "17"),
        (HEAD + "1．甲\ufffd。（责任单位：省商务厅）", "unreadable-character", "\ufffd"),
    ],
)
def test_what_is_wrong_or_guessed_is_told_at_its_place(text: str, code: str, place: str) -> None:
    notice = read(text)
    assert [text[warning.start : warning.end] for warning in notice.warnings if warning.code == code] == [place]
    assert all(warning.message.endswith("。") for warning in notice.warnings)


def test_a_sound_notice_gives_no_warning() -> None:
    assert codes(read("（一）任务。\n1．口岸开放专项。等2项工作任务。\n" + HEAD + A + B)) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("省商努厅", "省商务厅"),
        ("合肥海夫", "合肥海关"),
        ("合胆市", "合肥市"),
        ("马鞍市", "马鞍山市"),
        ("省发展改苹委", "省发展改革委"),
        ("省人力资原社会保障厅", "省人力资源社会保障厅"),
        ("省商务厅", None),
        ("安徽省商务厅", None),
        ("省发展和改革委", None),
        ("省市场监管局(省知识产权局)", None),
        ("杭州市", None),
        ("重庆市", None),
        ("市国资委", None),
        ("江苏省发展和改革委员会", None),
        ("南京海关", None),
        ("芜湖市政府办", None),
        ("省大数据中心", None),
    ],
)
def test_likely_misreadings_are_told_from_other_units(name: str, meant: str | None) -> None:
    assert Nearly(KNOWN).of(name) == meant


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("省数据局", "department"),
        ("南京海关", "central"),
        ("省机场集团", "enterprise"),
        ("安庆市", "city"),
        ("相关县人民政府", "city"),
        ("省某某领导小组办公室", "office"),
    ],
)
def test_kinds_of_units_by_their_names(name: str, kind: str) -> None:
    assert unit_kind(name) == kind


@pytest.mark.parametrize(
    "text",
    ["", " \n\f", "12\n13\n", "Shopping list: 1. apples 2. pears", "省政府召开会议。\n1．听取汇报。\n2．研究工作。"],
)
def test_what_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(NoticeError):
        parse(text, KNOWN)


@pytest.mark.parametrize(
    "hostile",
    [
        "（" * 200_000,
        "（责任单位：" * 30_000,
        "1．" * 100_000,
        "一、" * 100_000,
        "1．甲（责任单位：" + "“、" * 100_000 + "）",
    ],
)
def test_hostile_texts_end(hostile: str) -> None:
    assert len(read(HEAD + A + hostile).tasks) >= 1
