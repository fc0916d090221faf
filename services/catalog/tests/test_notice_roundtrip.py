"""Notices in all forms, damaged in all ways, are read as what they mean."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.notice import NoticeError, parse
from catalog.notice.repair import repair
from services.catalog.tests.notices import Made, damage, made, meaning, read, told, write

RANDOM = st.randoms(use_true_random=False)
PIECES = st.sampled_from(
    [
        *(
            "1．",
            "2.",
            "３、",
            "（责任单位：",
            "牵头单位:",
            "完成时限：",
            "2022年6月底前",
            "省商务厅",
            "、",
            "，",
            "；",
            "。",
        ),
        *(
            "）",
            "(",
            "〔",
            "“",
            "一、",
            "（一）",
            "营商环境专项推进行动计划",
            "合肥片区建设实施方案",
            "8个方面24项重点工作",
        ),
        *("（1）", "等", "⼜", "附件", "\n", " ", "\f"),
    ]
)


@settings(max_examples=50, deadline=None)
@given(made(), RANDOM)
def test_every_form_is_read_as_what_it_means(notice: Made, random: Random) -> None:
    text = damage(write(notice, random), random)
    found = read(text)
    assert [(plan.number, plan.name, plan.kind) for plan in found.plans] == [
        (number, name, "special") for number, (name, _) in enumerate(notice.plans, 1)
    ]
    assert told(found) == meaning(notice)
    assert {warning.code for warning in found.warnings} <= {"due-differs"}


@settings(max_examples=30, deadline=None)
@given(made(), RANDOM)
def test_each_task_is_anchored_where_it_stands(notice: Made, random: Random) -> None:
    text = damage(write(notice, random), random)
    end = 0
    for task in read(text).tasks:
        assert task.source.start >= end
        end = task.source.end
        anchored = repair(text[task.source.start : end]).text
        assert anchored.startswith(str(task.number))
        assert all(item.text in anchored for item in task.items)


@given(st.text(alphabet="⼈⼝⼜⻓Ａa1２ 。\n\r\t\f\u200b\u3000（Q", max_size=60))
def test_repair_keeps_every_place(text: str) -> None:
    repaired = repair(text)
    assert len(repaired.text) == len(repaired.positions)
    assert list(repaired.positions) == sorted(set(repaired.positions))
    for character, at in zip(repaired.text, repaired.positions, strict=True):
        assert character == " " or repair(text[at]).text in (character, "")


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = parse(text, ["省商务厅"])
    except NoticeError:
        return
    assert len({plan.number for plan in found.plans}) == len(found.plans)
    assert {task.plan for task in found.tasks} <= {plan.number for plan in found.plans}
    places = [(task.source.start, task.source.end) for task in found.tasks]
    places += [(warning.start, warning.end) for warning in found.warnings]
    assert all(0 <= start < end <= len(text) for start, end in places)
