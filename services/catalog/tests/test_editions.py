"""How two editions differ, and which words changed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.editions.rules import Item, Responsibility, Source, Task, Words, compare, words

TEXTS = st.text(alphabet="推进口岸，。开放", max_size=60)
LEAD = (Responsibility("swt", "lead"),)
TASK = Task(
    "1",
    "1",
    1,
    "推进口岸开放",
    "推进口岸开放。",
    (Item("推进口岸开放。", LEAD),),
    LEAD,
    None,
    Source("a.txt", 0, 8, "1.推进口岸开放。"),
)
NAMES = {"swt": "省商务厅", "hfs": "合肥市"}


@given(TEXTS, TEXTS)
def test_the_words_make_up_both_texts(before: str, after: str) -> None:
    parts = words(before, after)
    assert "".join(part.text for part in parts if part.op != "insert") == before
    assert "".join(part.text for part in parts if part.op != "delete") == after
    assert all(part.text for part in parts)


def test_words_tell_just_what_changed() -> None:
    assert words("推进口岸开放，扩大进口。", "推进口岸有序开放，扩大进口。") == (
        Words("equal", "推进口岸"),
        Words("insert", "有序"),
        Words("equal", "开放，扩大进口。"),
    )


def test_long_texts_are_compared_by_their_ends() -> None:
    before, after = "甲，" * 600 + "旧" + "乙，" * 600, "甲，" * 600 + "新" + "乙，" * 600
    assert [part.text for part in words(before, after) if part.op != "equal"] == ["旧", "新"]


def test_another_place_in_another_document_is_no_change() -> None:
    moved = replace(TASK, source=Source("b.txt", 5, 13, "1. 推进口岸开放。"))
    assert compare({"1": TASK}, {"1": moved}, NAMES).empty


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        (replace(TASK, title="扩大口岸开放"), ["title"]),
        (replace(TASK, text="扩大。", items=(Item("扩大。", LEAD),)), ["text"]),
        (replace(TASK, due=date(2022, 6, 30)), ["due"]),
        (replace(TASK, plan="2"), ["plan"]),
        (replace(TASK, responsibilities=(*LEAD, Responsibility("hfs", "member"))), ["units"]),
        (replace(TASK, items=(Item("推进口岸开放。", ()),)), ["items"]),
    ],
)
def test_each_field_that_differs_is_told(changed: Task, fields: list[str]) -> None:
    comparison = compare({"1": TASK}, {"1": changed}, NAMES)
    assert [change.field for change in comparison.changed[0].changes] == fields
    assert not comparison.new
    assert not comparison.gone


def test_new_and_gone_tasks_are_told_apart() -> None:
    comparison = compare({"1": TASK}, {"2": replace(TASK, code="2", number=2)}, NAMES)
    assert ([task.code for task in comparison.new], [task.code for task in comparison.gone]) == (["2"], ["1"])
