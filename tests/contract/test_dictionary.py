"""Every field of every event is explained in both languages, and every event has two examples."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from contracts import channels
from contracts.dictionary import EXAMPLES, MEANINGS, examples


def descriptions(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (field.get("description", "") for field in schema.get("properties", {}).values())
        for part in schema.values():
            yield from descriptions(part)


def test_each_field_has_a_meaning_in_chinese_and_english() -> None:
    told = {text for kind in channels.TYPES.values() for text in descriptions(channels.schema(kind))}
    assert {text for text in told if not re.match("[\u4e00-\u9fff].*[a-z]", text)} == set()
    assert {" ".join(meaning) for meaning in MEANINGS.values()} <= told


@pytest.mark.parametrize("name", channels.TYPES)
def test_each_type_has_two_examples(name: str) -> None:
    validator = jsonschema_rs.Draft202012Validator(channels.schema(channels.TYPES[name]), validate_formats=True)
    assert len(examples(name)) == 2
    for example in examples(name):
        validator.validate(example)


def test_there_are_no_examples_of_anything_else() -> None:
    assert {file.stem for file in EXAMPLES.iterdir()} == set(channels.TYPES)
