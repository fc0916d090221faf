"""The notice of 2021-01-23, read whole."""

from collections import Counter
from random import Random

import pytest

from catalog.notice import Notice, unit_code
from catalog.units.directory import listed
from deploy.local.instance import ROOT
from services.catalog.tests.notices import damage, read, told

TEXT = (ROOT / "data" / "notice.txt").read_bytes().decode()
CITIES = ("合肥市", "芜湖市", "蚌埠市")


@pytest.fixture(scope="module")
def notice() -> Notice:
    return read(TEXT)


def test_it_is_read_without_a_warning(notice: Notice) -> None:
    assert notice.warnings == ()


def test_its_nine_special_plans_hold_as_many_tasks_as_announced(notice: Notice) -> None:
    special = [plan for plan in notice.plans if plan.kind == "special"]
    assert [plan.number for plan in special] == list(range(1, 10))
    assert special[0].name == "营商环境专项推进行动计划"
    assert special[8].name == "片区联动和复制推广专项推进行动计划"
    counts = Counter(task.plan for task in notice.tasks)
    assert [counts[plan.number] for plan in special] == [8, 11, 22, 18, 23, 13, 13, 1, 3]
    assert [task.number for task in notice.tasks] == list(range(1, 113))


def test_its_zones_and_their_plans_are_as_announced(notice: Notice) -> None:
    assert [(plan.number, plan.name, plan.zone, plan.aspects, plan.announced_tasks) for plan in notice.plans[9:]] == [
        (10, "合肥片区建设实施方案", "hefei", 8, 24),
        (11, "芜湖片区建设实施方案", "wuhu", 8, 33),
        (12, "蚌埠片区建设实施方案", "bengbu", 8, 32),
    ]
    assert [(zone.code, zone.city, zone.area_km2, zone.bonded_area_km2) for zone in notice.zones] == [
        ("hefei", "合肥市", 64.95, 1.4),
        ("wuhu", "芜湖市", 35.0, 2.17),
        ("bengbu", "蚌埠市", 19.91, None),
    ]
    assert notice.zones[0].positioning.endswith("打造具有全球影响力的综合性国家科学中心和产业创新中心引领区")
    assert notice.zones[1].industries[:2] == ("智能网联汽车", "智慧家电")
    assert [len(zone.industries) for zone in notice.zones] == [10, 7, 5]


def test_its_responsibilities_open_301_zone_lines_and_111_of_the_province(notice: Notice) -> None:
    assert sum(len(task.zones) for task in notice.tasks) == 301
    others = [task for task in notice.tasks if any(part.unit not in CITIES for part in task.responsibilities)]
    assert len(others) == 111
    assert all([part.role for part in task.responsibilities].count("lead") == 1 for task in notice.tasks)


@pytest.mark.parametrize(
    ("number", "title", "lead", "zones"),
    [
        (1, "深入实施“四送一服”工程", "省“四送一服”双千工程领导小组办公室及其他成员单位", "hefei wuhu bengbu"),
        (20, "加快建设具有国际先进水平的国际贸易“单一窗口”", "省商务厅", "hefei wuhu bengbu"),
        (37, "支持建设合肥国际航空货运集散中心、芜湖航空器维修保障中心", "合肥市", "hefei wuhu"),
        (43, "研究开展合格境外有限合伙人（QFLP）政策试点", "省地方金融监管局", "hefei wuhu bengbu"),
        (74, None, "省市场监管局〔省知识产权局〕", "hefei wuhu bengbu"),
        (97, "支持开展港口合作，打造芜湖马鞍山江海联运枢纽和合肥江淮联运中心", "省交通运输厅", "hefei wuhu"),
        (109, "加强地方立法，建立公正透明、体系完备的法治环境", "省商务厅", "hefei wuhu bengbu"),
        (112, None, "省自贸试验区建设工作领导小组办公室", ""),
    ],
)
def test_titles_leads_and_zones(notice: Notice, number: int, title: str | None, lead: str, zones: str) -> None:
    task = notice.tasks[number - 1]
    assert task.title == (title or task.title)
    assert task.responsibilities[0].unit == lead
    assert list(task.zones) == zones.split()


def test_a_task_of_sub_items_has_their_units_in_order(notice: Notice) -> None:
    task = notice.tasks[108]
    assert [item.text.split("。")[0] for item in task.items] == [
        "完善地方立法",
        "完善商事纠纷解决机制",
        "完善知识产权协作处置机制",
    ]
    assert [item.responsibilities[0].unit for item in task.items] == [
        "省商务厅",
        "省高院",
        "省市场监管局〔省知识产权局〕",
    ]
    assert [part.unit for part in task.responsibilities] == [
        *("省商务厅", "省司法厅", *CITIES, "省高院", "省检察院"),
        *("省市场监管局〔省知识产权局〕", "省台办", "省公安厅"),
    ]


def test_texts_are_whole_and_repaired(notice: Notice) -> None:
    texts = [item.text for task in notice.tasks for item in task.items]
    assert all(text.endswith("。") and "责任单位" not in text for text in texts)
    assert not [
        character for text in texts for character in text if character.isspace() or 0x2E80 <= ord(character) < 0x2FE0
    ]
    assert "促进云计算、大数据、互联网、人工智能、5G与实体经济" in texts[93]
    assert "芜湖LNG转运（加注）站码头工程" in texts[96]


@pytest.mark.parametrize("seed", range(8))
def test_further_damage_changes_nothing(notice: Notice, seed: int) -> None:
    found = read(damage(TEXT, Random(seed)))
    assert told(found) == told(notice)
    assert (found.plans, found.zones, found.warnings) == (notice.plans, notice.zones, ())


def test_all_its_units_are_listed(notice: Notice) -> None:
    names = {name: unit for unit in listed() for name in (unit.name, *unit.aliases)}
    units = {part.unit for task in notice.tasks for part in task.responsibilities}
    assert units <= set(names)
    assert (names["省商务厅"].code, names["合肥海关"].code, names["合肥市"].code) == ("swt", "hfhg", "hfs")


def test_listed_names_and_codes_belong_to_one_unit_each() -> None:
    names = [name for unit in listed() for name in (unit.name, *unit.aliases)]
    assert len(names) == len(set(names))
    assert len({unit.code for unit in listed()}) == len(listed())
    assert unit_code("省商务厅", {"swt"}) == "swt2"
